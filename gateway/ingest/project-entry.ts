/**
 * What an entry means for services and ratings. Pure: it reads and changes a `Projection`, which is loaded and
 * written elsewhere. An entry whose meaning is unknown or wrong throws before it changes anything.
 */
import { areReasonsOf, PjqError, serviceReferenceOf, type EntryBody, type EntryKind } from '../../protocol/index.js';
import { BLANK_SERVICE } from '../store/blank-rows.js';
import { refuseTerminal, serviceOf, type Placed, type Projecting, type Projector } from './placed.js';
import { projectExpiry } from './project-expiry.js';
import { projectProvisional, refuseProvisional, resolveProvisional } from './project-provisional.js';
import { projectRating, projectRatingMade, projectUnrated } from './project-rating.js';
import { projectFault, projectSelfCheck } from './project-terminal.js';
import type { Projection } from './projection.js';

/** Kinds that move a projection; the others are told by the log alone. */
const PROJECTORS: { readonly [K in EntryKind]?: Projector<K> } = {
  epoch: projectEpoch,
  'service.opened': projectServiceOpened,
  'service.provisional': projectProvisional,
  press: projectPress,
  reasons: projectReasons,
  rating: projectRating,
  unrated: projectUnrated,
  'rating.made': projectRatingMade,
  'service.expired': (projection, _when, { terminal, entry }, body) => {
    refuseTerminal(terminal, 'service.expired');
    projectExpiry(projection, entry.at, body);
  },
  'duty.on': (projection, _when, { terminal }, body) => projection.setDuty(terminal, body.staffNo),
  'duty.off': (projection, _when, { terminal }) => projection.setDuty(terminal, null),
  fault: (projection, _when, { terminal, entry }, body) => projectFault(projection, terminal, entry.at, body),
  selfcheck: (projection, _when, { terminal, entry }, body) => projectSelfCheck(projection, terminal, entry.at, body),
};

/** @throws PjqError whose code says why the entry means nothing here; then nothing was changed. */
export function projectEntry(projection: Projection, when: Projecting, placed: Placed): void {
  const projector = PROJECTORS[placed.kind] as Projector<EntryKind> | undefined;
  projector?.(projection, when, placed, placed.body);
}

function projectEpoch(
  projection: Projection,
  { nowMs }: Projecting,
  { entry }: Placed,
  body: EntryBody<'epoch'>,
): void {
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
  { nowMs, rules, suite }: Projecting,
  { entry, terminal }: Placed,
  body: EntryBody<'service.opened'>,
): void {
  const { serviceId, caseNo, stage, matter, window = null, staffNo = null, origin } = body;
  const known = projection.service(serviceId);
  const said = { window, staffNo, openedAt: entry.at };
  if (known === undefined) {
    refuseProvisional(serviceId);
    const reference = serviceReferenceOf(suite, serviceId);
    projection.addService({
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
      dutyStaffNo: projection.duty(terminal),
      daysFrom: projection.times.correct(entry.source, entry.bootId, entry.mono)?.highMs ?? nowMs,
      reference,
    });
    return resolveProvisional(projection, { rules }, { serviceId, terminal, reference });
  }
  if (known.terminal !== terminal || known.caseNo !== caseNo || known.stage !== stage)
    throw new PjqError('service-exists', serviceId);
  projection.changeService(serviceId, {
    ...said,
    ...(known.state === 'requested' ? { state: 'open' } : {}),
    // Told again, an opening moves no service to whoever is on duty then.
    ...(known.openedAt === null
      ? { dutyStaffNo: projection.duty(terminal), daysFrom: known.daysFrom ?? known.requestedAt }
      : {}),
  });
}

function projectPress(
  projection: Projection,
  { nowMs }: Projecting,
  { entry, entryId, terminal }: Placed,
  { id, serviceId, level }: EntryBody<'press'>,
): void {
  const { lastPressId } = serviceOf(projection, serviceId, terminal);
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
    marks: null,
  });
  // What was appended again, or is read again, is not later for that.
  const last = lastPressId === null ? undefined : projection.press(lastPressId);
  if (projection.press(id)?.entryId === entryId && (last === undefined || last.entryId < entryId))
    projection.changeService(serviceId, { lastPressId: id });
}

/** The last that was said of a press counts. */
function projectReasons(
  projection: Projection,
  _when: Projecting,
  { terminal }: Placed,
  { serviceId, pressId, list, codes, marks }: EntryBody<'reasons'>,
): void {
  serviceOf(projection, serviceId, terminal);
  const press = projection.press(pressId);
  if (press === undefined || press.serviceId !== serviceId) throw new PjqError('press-unknown', pressId);
  // A list that this hall did not have (of another version, of a store of before) may have codes that are not known here.
  const known = projection.lists.reasonsOf(list);
  if (known !== undefined && !areReasonsOf(press.level, codes, known)) throw new PjqError('reason-unknown', pressId);
  projection.setReasons(pressId, {
    reasons: codes.length === 0 ? null : JSON.stringify(codes),
    marks: marks === undefined ? null : JSON.stringify(marks),
  });
}
