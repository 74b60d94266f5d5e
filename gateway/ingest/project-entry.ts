/**
 * What an entry means for services and ratings. Pure: it reads and changes a `Projection`, which is loaded and
 * written elsewhere. An entry whose meaning is unknown or wrong throws before it changes anything.
 */
import {
  areReasonsOf,
  PjqError,
  REASONS_VERSION,
  type Entry,
  type EntryBody,
  type EntryKind,
} from '../../protocol/index.js';
import { BLANK_RATING, BLANK_SERVICE } from '../store/blank-rows.js';
import { projectFault, projectSelfCheck } from './project-terminal.js';
import type { Projection } from './projection.js';

/** An entry that was read, and its row. `terminal` is empty where the gateway itself speaks. */
export interface Placed<K extends EntryKind = EntryKind> {
  readonly entry: Entry;
  readonly body: EntryBody<K>;
  readonly kind: K;
  readonly entryId: number;
  readonly terminal: string;
}

type Projector<K extends EntryKind> = (
  projection: Projection,
  nowMs: number,
  placed: Placed,
  body: EntryBody<K>,
) => void;

/** Kinds that move a projection; the others are told by the log alone. */
const PROJECTORS: { readonly [K in EntryKind]?: Projector<K> } = {
  epoch: projectEpoch,
  'service.opened': projectServiceOpened,
  press: projectPress,
  reasons: projectReasons,
  rating: projectRating,
  unrated: projectUnrated,
  'duty.on': (projection, _nowMs, { terminal }, body) => projection.setDuty(terminal, body.staffNo),
  'duty.off': (projection, _nowMs, { terminal }) => projection.setDuty(terminal, null),
  fault: (projection, _nowMs, { terminal, entry }, body) => projectFault(projection, terminal, entry.at, body),
  selfcheck: (projection, _nowMs, { terminal, entry }, body) => projectSelfCheck(projection, terminal, entry.at, body),
};

/** @throws PjqError whose code says why the entry means nothing here; then nothing was changed. */
export function projectEntry(projection: Projection, nowMs: number, placed: Placed): void {
  const projector = PROJECTORS[placed.kind] as Projector<EntryKind> | undefined;
  projector?.(projection, nowMs, placed, placed.body);
}

function projectEpoch(projection: Projection, nowMs: number, { entry }: Placed, body: EntryBody<'epoch'>): void {
  if (body.cause === 'first') return;
  const from = body.ancestor === null ? 'no chain' : `epoch ${body.ancestor.epoch} at ${body.ancestor.seq}`;
  projection.raise({
    code: 'log-fork',
    subject: entry.source,
    detail: `new epoch ${entry.epoch} (${body.cause}), going on from ${from}`,
    at: nowMs,
  });
}

function projectServiceOpened(
  projection: Projection,
  nowMs: number,
  { entry, terminal }: Placed,
  body: EntryBody<'service.opened'>,
): void {
  const { serviceId, caseNo, stage, matter, window = null, staffNo = null, origin } = body;
  const known = projection.service(serviceId);
  const said = { window, staffNo, openedAt: entry.at };
  if (known === undefined) {
    return projection.addService({
      serviceId,
      terminal,
      caseNo,
      stage,
      matter: matter === undefined ? null : JSON.stringify(matter),
      ...said,
      state: 'open',
      origin,
      closedAt: null,
      endCause: null,
      closedSeenAt: null,
      ratingId: null,
      requestedAt: nowMs,
      validUntil: null,
      ...BLANK_SERVICE,
    });
  }
  if (known.terminal !== terminal || known.caseNo !== caseNo || known.stage !== stage)
    throw new PjqError('service-exists', serviceId);
  projection.changeService(serviceId, { ...said, ...(known.state === 'requested' ? { state: 'open' } : {}) });
}

function projectPress(
  projection: Projection,
  nowMs: number,
  { entry, entryId, terminal }: Placed,
  { id, serviceId, level }: EntryBody<'press'>,
): void {
  serviceOf(projection, serviceId, terminal);
  projection.addPress({
    pressId: id,
    serviceId,
    level,
    entryId,
    at: entry.at,
    bootId: entry.bootId,
    monoMs: entry.mono,
    receivedAt: nowMs,
    reasons: null,
  });
}

/** The last that was said of a press counts. */
function projectReasons(
  projection: Projection,
  _nowMs: number,
  { terminal }: Placed,
  { serviceId, pressId, list, codes }: EntryBody<'reasons'>,
): void {
  serviceOf(projection, serviceId, terminal);
  const press = projection.press(pressId);
  if (press === undefined || press.serviceId !== serviceId) throw new PjqError('press-unknown', pressId);
  // Another version of the list may have codes that are not known here; those of ours must be of the press's level.
  if (list === REASONS_VERSION && !areReasonsOf(press.level, codes)) throw new PjqError('reason-unknown', pressId);
  projection.setReasons(pressId, codes.length === 0 ? null : JSON.stringify(codes));
}

function projectRating(
  projection: Projection,
  nowMs: number,
  { entry, entryId, terminal }: Placed,
  { id, serviceId, level, reasons, cause, provenance }: EntryBody<'rating'>,
): void {
  const service = serviceOf(projection, serviceId, terminal);
  if (service.ratingId !== null && service.ratingId !== id) throw new PjqError('service-already-rated', serviceId);
  const press = projection.press(id);
  if (press === undefined || press.serviceId !== serviceId) throw new PjqError('press-unknown', id);
  if (press.level !== level) throw new PjqError('rating-contradicts-press', id);
  if (reasons !== undefined && press.reasons !== JSON.stringify(reasons))
    throw new PjqError('rating-contradicts-press', id);
  if (service.ratingId === id) return;
  const time = projection.times.correct(provenance?.source ?? entry.source, press.bootId, press.monoMs);
  projection.addRating(
    {
      ratingId: id,
      serviceId,
      level,
      channel: 'window',
      cause,
      entryId,
      at: press.at,
      correctedLowMs: time?.lowMs ?? null,
      correctedHighMs: time?.highMs ?? null,
      ...BLANK_RATING,
    },
    nowMs,
  );
  close(projection, nowMs, service, { closedAt: entry.at, endCause: cause, ratingId: id });
}

function projectUnrated(
  projection: Projection,
  nowMs: number,
  { entry, terminal }: Placed,
  { serviceId, cause }: EntryBody<'unrated'>,
): void {
  const service = serviceOf(projection, serviceId, terminal);
  if (service.ratingId === null) close(projection, nowMs, service, { closedAt: entry.at, endCause: cause });
}

/** The service that an entry speaks of. A terminal speaks of its own only; the gateway (no terminal) of any. */
function serviceOf(projection: Projection, serviceId: string, terminal: string): Service {
  const row = projection.service(serviceId);
  if (row === undefined) throw new PjqError('service-unknown', serviceId);
  if (terminal !== '' && row.terminal !== terminal) throw new PjqError('wrong-terminal', serviceId);
  return row;
}

type Service = NonNullable<ReturnType<Projection['service']>>;

function close(
  projection: Projection,
  nowMs: number,
  { serviceId, closedSeenAt }: Service,
  end: { closedAt: number; endCause: string; ratingId?: string },
): void {
  // The first closing that was seen counts: told states do not go back (a cancelled service stays closed).
  projection.changeService(serviceId, { state: 'closed', ...end, closedSeenAt: closedSeenAt ?? nowMs });
}
