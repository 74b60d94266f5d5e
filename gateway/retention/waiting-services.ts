/** Which services something is still to happen to. Their entries stay, however old. */
import { isProvisionalId } from '../core/provisional-id.js';
import type { Trx } from '../store/store.js';
import { isYoung } from './aged.js';

/** No policy has more natural days in which a service may be rated, or has closed it later by default. */
const LONGEST_DAYS_MS = 367 * 24 * 3_600_000;
/** Places in the queue for the centre from which a rating still goes on. */
const GOING_ON: readonly (string | null)[] = ['waiting', 'held', 'awaiting-reason'];

interface Moment {
  readonly cutoffMs: number;
  readonly nowMs: number;
}

/** @returns those of `serviceIds` whose entries must stay, also where one is the name of a receipt's code. */
export async function waitingServices(
  trx: Trx,
  serviceIds: readonly string[],
  moment: Moment,
): Promise<ReadonlySet<string>> {
  const codes = await namedByCodes(trx, serviceIds.filter(isProvisionalId));
  const waiting = await waitingOnes(
    trx,
    [...serviceIds, ...codes.flatMap(({ resolvedTo }) => resolvedTo ?? [])],
    moment,
  );
  const goesOn = ({ resolvedTo, at }: (typeof codes)[number]): boolean =>
    resolvedTo === null ? isYoung(at, moment.nowMs - LONGEST_DAYS_MS, moment.nowMs) : waiting.has(resolvedTo);
  return new Set([...waiting, ...codes.filter(goesOn).map(({ serviceId }) => serviceId)]);
}

/** Of what was rated by code: the service that a log has told of since. */
async function namedByCodes(trx: Trx, names: readonly string[]) {
  if (names.length === 0) return [];
  return trx
    .selectFrom('provisional')
    .select(['serviceId', 'resolvedTo', 'at'])
    .where('serviceId', 'in', names)
    .execute();
}

async function waitingOnes(
  trx: Trx,
  serviceIds: readonly string[],
  { cutoffMs, nowMs }: Moment,
): Promise<ReadonlySet<string>> {
  if (serviceIds.length === 0) return new Set();
  const rows = await trx
    .selectFrom('service')
    .leftJoin('forward', 'forward.ratingId', 'service.ratingId')
    .select([
      'serviceId',
      'service.state',
      'closedSeenAt',
      'service.ratingId',
      'lastPressId',
      'daysFrom',
      'requestedAt',
      'expiredAt',
      'forward.state as forwarded',
    ])
    .where('serviceId', 'in', serviceIds)
    .execute();
  const conflicts = rows.filter(({ forwarded }) => forwarded === 'conflict').map(({ serviceId }) => serviceId);
  const disputed = await standingConflicts(trx, conflicts);
  // A row of a version that kept no days counts from when it was made.
  const mayBeRated = ({ ratingId, expiredAt, daysFrom, requestedAt }: (typeof rows)[number]): boolean =>
    ratingId === null && expiredAt === null && isYoung(daysFrom ?? requestedAt, nowMs - LONGEST_DAYS_MS, nowMs);
  const goesOn = ({ serviceId, state, lastPressId, closedSeenAt, forwarded }: (typeof rows)[number]): boolean =>
    // An invitation that nobody answered waits for nothing; a press waits for its closing, at the latest by the grace time.
    state !== 'closed'
      ? lastPressId !== null
      : GOING_ON.includes(forwarded) ||
        disputed.has(serviceId) ||
        (closedSeenAt !== null && isYoung(closedSeenAt, cutoffMs, nowMs));
  return new Set(rows.filter((row) => mayBeRated(row) || goesOn(row)).map(({ serviceId }) => serviceId));
}

/** Conflicts with the centre that nobody has cleared the alarm of. */
async function standingConflicts(trx: Trx, serviceIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (serviceIds.length === 0) return new Set();
  const rows = await trx
    .selectFrom('alarm')
    .select('subject')
    .where('code', '=', 'centre-conflict')
    .where('clearedAt', 'is', null)
    .where('subject', 'in', serviceIds)
    .execute();
  return new Set(rows.map(({ subject }) => subject));
}
