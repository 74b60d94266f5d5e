/** Which services something is still to happen to. Their entries stay, however old. */
import type { Trx } from '../store/store.js';
import { isYoung } from './aged.js';

/** No policy has more natural days in which a service may be rated, or has closed it later by default. */
const LONGEST_DAYS_MS = 367 * 24 * 3_600_000;
/** Places in the queue for the centre from which a rating still goes on. */
const GOING_ON: readonly (string | null)[] = ['waiting', 'held', 'awaiting-reason'];

/** @returns those of `serviceIds` whose entries must stay. */
export async function waitingServices(
  trx: Trx,
  serviceIds: readonly string[],
  { cutoffMs, nowMs }: { cutoffMs: number; nowMs: number },
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
      'daysFrom',
      'expiredAt',
      'forward.state as forwarded',
    ])
    .where('serviceId', 'in', serviceIds)
    .execute();
  const open = rows.filter(({ state }) => state !== 'closed').map(({ serviceId }) => serviceId);
  const conflicts = rows.filter(({ forwarded }) => forwarded === 'conflict').map(({ serviceId }) => serviceId);
  const [pressed, disputed] = [await pressedIn(trx, open), await standingConflicts(trx, conflicts)];
  const mayBeRated = ({ ratingId, expiredAt, daysFrom }: (typeof rows)[number]): boolean =>
    ratingId === null && expiredAt === null && daysFrom !== null && isYoung(daysFrom, nowMs - LONGEST_DAYS_MS, nowMs);
  const goesOn = ({ serviceId, state, closedSeenAt, forwarded }: (typeof rows)[number]): boolean =>
    // An invitation that nobody answered waits for nothing; a press waits for its closing, at the latest by the grace time.
    state !== 'closed'
      ? pressed.has(serviceId)
      : GOING_ON.includes(forwarded) ||
        disputed.has(serviceId) ||
        (closedSeenAt !== null && isYoung(closedSeenAt, cutoffMs, nowMs));
  return new Set(rows.filter((row) => mayBeRated(row) || goesOn(row)).map(({ serviceId }) => serviceId));
}

async function pressedIn(trx: Trx, serviceIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (serviceIds.length === 0) return new Set();
  const rows = await trx.selectFrom('press').select('serviceId').where('serviceId', 'in', serviceIds).execute();
  return new Set(rows.map(({ serviceId }) => serviceId));
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
