/**
 * What an entry means for services and ratings, written in B's transaction so that it is exact. An entry whose
 * meaning is unknown or wrong stays in the log and is set aside here with its code.
 */
import {
  areReasonsOf,
  isKnownKind,
  isPjqError,
  parseEntry,
  parseTerminalSource,
  PjqError,
  readBody,
  REASONS_VERSION,
  type Entry,
  type EntryBody,
  type EntryKind,
  type Suite,
} from '../../protocol/index.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Trx } from '../store/store.js';
import { correctedTime } from './corrected-time.js';
import type { LinkedEntry } from './link-batch.js';
import { projectFault, projectSelfCheck } from './project-terminal.js';

export interface ProjectParts {
  readonly suite: Suite;
  readonly nowMs: number;
}

interface Placed {
  readonly entry: Entry;
  readonly entryId: number;
  readonly terminal: string;
}

type Projector<K extends EntryKind> = (
  trx: Trx,
  parts: ProjectParts,
  placed: Placed,
  body: EntryBody<K>,
) => Promise<void>;

/** Kinds that move a projection; the others are told by the log alone. */
const PROJECTORS: { readonly [K in EntryKind]?: Projector<K> } = {
  epoch: projectEpoch,
  'service.opened': projectServiceOpened,
  press: projectPress,
  reasons: projectReasons,
  rating: projectRating,
  unrated: projectUnrated,
  'duty.on': (trx, _parts, { terminal }, body) => setDuty(trx, terminal, body.staffNo),
  fault: (trx, _parts, { terminal, entry }, body) => projectFault(trx, terminal, entry.at, body),
  selfcheck: (trx, _parts, { terminal, entry }, body) => projectSelfCheck(trx, terminal, entry.at, body),
  'duty.off': (trx, _parts, { terminal }) => setDuty(trx, terminal, null),
};

/** Projects an entry, or sets it aside. @returns the code when it was set aside. */
export async function projectEntry(trx: Trx, parts: ProjectParts, linked: LinkedEntry): Promise<string | null> {
  try {
    await project(trx, parts, linked);
    return null;
  } catch (error) {
    if (!isPjqError(error)) throw error;
    await trx
      .insertInto('quarantine')
      .values({
        entryId: linked.entryId,
        code: error.code,
        detail: (error.detail ?? '').slice(0, 300),
        at: parts.nowMs,
        resolvedAt: null,
      })
      .onConflict((c) =>
        c
          .column('entryId')
          .doUpdateSet({ code: error.code, detail: (error.detail ?? '').slice(0, 300), resolvedAt: null }),
      )
      .execute();
    return error.code;
  }
}

async function project(trx: Trx, parts: ProjectParts, linked: LinkedEntry): Promise<void> {
  const entry = parseEntry(parts.suite, linked.bytes);
  if (entry.source !== linked.source || entry.epoch !== linked.epoch || entry.seq !== linked.seq) {
    throw new PjqError('entry-misplaced', `${entry.source} ${entry.epoch} ${entry.seq}`);
  }
  const { kind } = entry;
  if (!isKnownKind(kind)) throw new PjqError('meaning-unknown', kind);
  const body = readBody(entry, kind);
  const terminal = parseTerminalSource(entry.source)?.terminal ?? '';
  const projector = PROJECTORS[kind] as Projector<EntryKind> | undefined;
  await projector?.(trx, parts, { entry, entryId: linked.entryId, terminal }, body);
}

async function projectEpoch(trx: Trx, parts: ProjectParts, { entry }: Placed, body: EntryBody<'epoch'>): Promise<void> {
  if (body.cause === 'first') return;
  const from = body.ancestor === null ? 'no chain' : `epoch ${body.ancestor.epoch} at ${body.ancestor.seq}`;
  await raiseAlarm(trx, {
    code: 'log-fork',
    subject: entry.source,
    detail: `new epoch ${entry.epoch} (${body.cause}), going on from ${from}`,
    at: parts.nowMs,
  });
}

async function projectServiceOpened(
  trx: Trx,
  parts: ProjectParts,
  { entry, terminal }: Placed,
  body: EntryBody<'service.opened'>,
): Promise<void> {
  const known = await trx
    .selectFrom('service')
    .select(['terminal', 'caseNo', 'stage', 'state'])
    .where('serviceId', '=', body.serviceId)
    .executeTakeFirst();
  const said = { window: body.window ?? null, staffNo: body.staffNo ?? null, openedAt: entry.at };
  if (known === undefined) {
    await trx
      .insertInto('service')
      .values({
        serviceId: body.serviceId,
        terminal,
        caseNo: body.caseNo,
        stage: body.stage,
        matter: body.matter === undefined ? null : JSON.stringify(body.matter),
        ...said,
        state: 'open',
        origin: body.origin,
        closedAt: null,
        endCause: null,
        closedSeenAt: null,
        ratingId: null,
        requestedAt: parts.nowMs,
        validUntil: null,
      })
      .execute();
    return;
  }
  if (known.terminal !== terminal || known.caseNo !== body.caseNo || known.stage !== body.stage) {
    throw new PjqError('service-exists', body.serviceId);
  }
  await trx
    .updateTable('service')
    .set({ ...said, ...(known.state === 'requested' ? { state: 'open' } : {}) })
    .where('serviceId', '=', body.serviceId)
    .execute();
}

async function projectPress(
  trx: Trx,
  parts: ProjectParts,
  { entry, entryId, terminal }: Placed,
  body: EntryBody<'press'>,
): Promise<void> {
  await serviceOf(trx, body.serviceId, terminal);
  await trx
    .insertInto('press')
    .values({
      pressId: body.id,
      serviceId: body.serviceId,
      level: body.level,
      entryId,
      at: entry.at,
      bootId: entry.bootId,
      monoMs: entry.mono,
      receivedAt: parts.nowMs,
      reasons: null,
    })
    .onConflict((c) => c.column('pressId').doNothing())
    .execute();
}

/** The last that was said of a press counts. */
async function projectReasons(
  trx: Trx,
  _parts: ProjectParts,
  { terminal }: Placed,
  body: EntryBody<'reasons'>,
): Promise<void> {
  await serviceOf(trx, body.serviceId, terminal);
  const press = await trx
    .selectFrom('press')
    .select(['serviceId', 'level'])
    .where('pressId', '=', body.pressId)
    .executeTakeFirst();
  if (press === undefined || press.serviceId !== body.serviceId) throw new PjqError('press-unknown', body.pressId);
  // Another version of the list may have codes that are not known here; those of ours must be of the press's level.
  if (body.list === REASONS_VERSION && !areReasonsOf(press.level, body.codes))
    throw new PjqError('reason-unknown', body.pressId);
  await trx
    .updateTable('press')
    .set({ reasons: body.codes.length === 0 ? null : JSON.stringify(body.codes) })
    .where('pressId', '=', body.pressId)
    .execute();
}

async function projectRating(
  trx: Trx,
  parts: ProjectParts,
  { entry, entryId, terminal }: Placed,
  body: EntryBody<'rating'>,
): Promise<void> {
  const service = await serviceOf(trx, body.serviceId, terminal);
  if (service.ratingId !== null && service.ratingId !== body.id)
    throw new PjqError('service-already-rated', body.serviceId);
  const press = await trx.selectFrom('press').selectAll().where('pressId', '=', body.id).executeTakeFirst();
  if (press === undefined || press.serviceId !== body.serviceId) throw new PjqError('press-unknown', body.id);
  if (press.level !== body.level) throw new PjqError('rating-contradicts-press', body.id);
  if (body.reasons !== undefined && press.reasons !== JSON.stringify(body.reasons))
    throw new PjqError('rating-contradicts-press', body.id);
  if (service.ratingId === body.id) return;
  const time = await correctedTime(trx, body.provenance?.source ?? entry.source, press.bootId, press.monoMs);
  await trx
    .insertInto('rating')
    .values({
      ratingId: body.id,
      serviceId: body.serviceId,
      level: body.level,
      channel: 'window',
      cause: body.cause,
      entryId,
      at: press.at,
      correctedLowMs: time?.lowMs ?? null,
      correctedHighMs: time?.highMs ?? null,
    })
    .execute();
  await trx
    .insertInto('forward')
    .values({
      ratingId: body.id,
      state: 'waiting',
      attempts: 0,
      nextAt: parts.nowMs,
      claimedUntil: 0,
      lastCode: null,
      deliveredAt: null,
    })
    .execute();
  await close(trx, parts, body.serviceId, entry.at, body.cause, body.id);
}

async function projectUnrated(
  trx: Trx,
  parts: ProjectParts,
  { entry, terminal }: Placed,
  body: EntryBody<'unrated'>,
): Promise<void> {
  const service = await serviceOf(trx, body.serviceId, terminal);
  if (service.ratingId === null) await close(trx, parts, body.serviceId, entry.at, body.cause, null);
}

/** The service that an entry speaks of. A terminal speaks of its own only; the gateway (no terminal) of any. */
async function serviceOf(trx: Trx, serviceId: string, terminal: string): Promise<{ ratingId: string | null }> {
  const row = await trx
    .selectFrom('service')
    .select(['ratingId', 'terminal'])
    .where('serviceId', '=', serviceId)
    .executeTakeFirst();
  if (row === undefined) throw new PjqError('service-unknown', serviceId);
  if (terminal !== '' && row.terminal !== terminal) throw new PjqError('wrong-terminal', serviceId);
  return row;
}

async function close(
  trx: Trx,
  parts: ProjectParts,
  serviceId: string,
  at: number,
  cause: string,
  ratingId: string | null,
): Promise<void> {
  await trx
    .updateTable('service')
    .set((e) => ({
      state: 'closed',
      closedAt: at,
      endCause: cause,
      ...(ratingId === null ? {} : { ratingId }),
      // The first closing that was seen counts: told states do not go back (a cancelled service stays closed).
      closedSeenAt: e.fn.coalesce('closedSeenAt', e.val(parts.nowMs)),
    }))
    .where('serviceId', '=', serviceId)
    .execute();
}

async function setDuty(trx: Trx, terminal: string, staffNo: string | null): Promise<void> {
  await trx.updateTable('terminal').set({ duty: staffNo }).where('terminal', '=', terminal).execute();
}
