/** The services that a message may leave about now, a few at a time, those that end first before the others. */
import type { Policy } from '../../protocol/index.js';
import { dueFrom, nextSendingMs, sendingTime, type ReminderPurpose } from '../core/reminder-plan.js';
import type { Db, Trx } from '../store/store.js';

const HOUR_MS = 3_600_000;
/** Rows read at a time, so that no commit waits for the search. */
const STRIDE = 200;

export interface DueService {
  readonly serviceId: string;
  readonly window: string | null;
  readonly daysFrom: number;
}

/** Where the search goes on. */
export interface DuePlace {
  readonly daysFrom: number;
  readonly serviceId: string;
}

export interface DueStride {
  readonly due: readonly DueService[];
  /** `null` when all were looked at. */
  readonly next: DuePlace | null;
}

/**
 * From when on it is known who was written to: a store that is an older copy of itself, or was repaired, may have
 * forgotten it, and has a new epoch of its own log.
 */
export async function knownFrom(db: Db, ownSource: string, nowMs: number): Promise<number> {
  const row = await db
    .selectFrom('epoch')
    .select('openedAt')
    .where('source', '=', ownSource)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  // A time that is still to come tells nothing.
  return row === undefined || row.openedAt > nowMs ? 0 : row.openedAt;
}

/** Looks at one stride of those who may be due, from `after` on. */
export async function dueServices(
  db: Db,
  purpose: ReminderPurpose,
  policy: Policy,
  { nowMs, knownFromMs }: { readonly nowMs: number; readonly knownFromMs: number },
  after: DuePlace | null,
): Promise<DueStride> {
  const { fromMs, untilMs } = dueFrom(purpose, nowMs, policy);
  const least = after?.daysFrom ?? fromMs;
  let query = unrated(db)
    .leftJoin('reminder', (join) =>
      join.onRef('reminder.serviceId', '=', 'service.serviceId').on('reminder.purpose', '=', purpose),
    )
    .select(['service.serviceId', 'window', 'stage', 'coveredAt', 'daysFrom'])
    .where('daysFrom', '>=', Math.max(least, knownFromMs))
    .where('daysFrom', '<', untilMs)
    .where((e) =>
      e.or([
        e('reminder.serviceId', 'is', null),
        e.and([e('reminder.outcome', '=', 'failed'), e('reminder.code', '=', 'sms-unreachable')]),
      ]),
    );
  if (after !== null)
    query = query.where((e) =>
      e.or([e('daysFrom', '>', after.daysFrom), e('service.serviceId', '>', after.serviceId)]),
    );
  const rows = await query.orderBy('daysFrom').orderBy('service.serviceId').limit(STRIDE).execute();
  const due = rows.flatMap(({ daysFrom, coveredAt, stage, ...row }) => {
    if (daysFrom === null || policy.stages[stage as keyof Policy['stages']].opens === 'nothing') return [];
    // A terminal may hold a press that is not here yet; after the policy's hours nobody waits for its log.
    if (coveredAt === null && daysFrom > nowMs - policy.offSiteHoldHours * HOUR_MS) return [];
    return isDue(purpose, daysFrom, policy, nowMs) ? [{ ...row, daysFrom }] : [];
  });
  const last = rows.at(-1);
  const isMore = last !== undefined && last.daysFrom !== null && rows.length === STRIDE;
  return { due, next: isMore ? { daysFrom: last.daysFrom as number, serviceId: last.serviceId } : null };
}

/** Whether a message may leave at this very moment. */
export function isDue(purpose: ReminderPurpose, daysFrom: number, policy: Policy, nowMs: number): boolean {
  const time = sendingTime(purpose, daysFrom, policy);
  return time !== null && nextSendingMs(time, nowMs, policy) === nowMs;
}

/** Whether the service is still one to write about: the last look before the message is recorded. */
export async function isUnrated(trx: Trx, serviceId: string): Promise<boolean> {
  const row = await unrated(trx)
    .select('service.serviceId')
    .where('service.serviceId', '=', serviceId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Opened, not taken back, its days not over, nobody has rated it, and its evaluator may be written to. */
function unrated(db: Db | Trx) {
  return db
    .selectFrom('service')
    .innerJoin('evaluator', 'evaluator.serviceId', 'service.serviceId')
    .where('ratingId', 'is', null)
    .where('expiredAt', 'is', null)
    .where('takenBackAt', 'is', null)
    .where('service.state', '<>', 'requested')
    .where('contactBasis', 'is not', null)
    .where('erasedAt', 'is', null);
}
