/**
 * One stride of closing by default: services whose days are over unrated, each with the gateway's own word of it, in
 * one transaction. Whoever else closes or rates one waits for that transaction or went before it.
 */
import type { Clock, Level, Policy } from '../../protocol/index.js';
import { defaultLevel } from '../core/default-level.js';
import { expiredBeforeMs } from '../core/rating-days.js';
import type { ServiceTable } from '../store/schema.js';
import type { Store, Trx } from '../store/store.js';

export interface ClosingParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
  /** The policy as entries name it. */
  readonly policyId: string;
}

type ExpiredRow = Pick<ServiceTable, 'serviceId' | 'state' | 'stage' | 'takenBackAt'>;

/** An invitation that is valid for longer than this was made by a clock that is not ours any more. */
const LONGEST_VALID_MS = 600_000;

/** Closes up to `limit` services, the oldest first. @returns how many; fewer than `limit` when there are no more. */
export function closeExpired(parts: ClosingParts, limit: number): Promise<number> {
  const { store, clock, policy, policyId } = parts;
  return store.db.transaction().execute(async (trx) => {
    const nowMs = clock.wallMs();
    const beforeMs = expiredBeforeMs(nowMs, policy.ratingWindowDays, policy.timeZone);
    const first = await unrated(trx, nowMs).where('daysFrom', '<', beforeMs).orderBy('daysFrom').limit(limit).execute();
    const rows =
      first.length < limit ? [...first, ...(await ofBefore(trx, nowMs, beforeMs, limit - first.length))] : first;
    const appended = await store.own.appendAll(
      trx,
      'service.expired',
      rows.map((row) => ({ serviceId: row.serviceId, level: defaultLevel(row, policy), policy: policyId })),
    );
    const [entry] = appended;
    if (entry !== undefined) await mark(trx, entry.at, rows, policy);
    return rows.length;
  });
}

function unrated(trx: Trx, nowMs: number) {
  return (
    trx
      .selectFrom('service')
      .select(['serviceId', 'state', 'stage', 'takenBackAt'])
      .where('ratingId', 'is', null)
      .where('expiredAt', 'is', null)
      // Asked for again, and on its way to the terminal at this moment: the next look will know more.
      .where((e) =>
        e.or([
          e('state', '<>', 'requested'),
          e('validUntil', 'is', null),
          e('validUntil', '<=', nowMs),
          e('validUntil', '>', nowMs + LONGEST_VALID_MS),
        ]),
      )
  );
}

/**
 * Rows of a version that kept no days, also of one that was gone back to for a while: they count from when they were
 * asked for, or arrived. Where there are none of them, the index of the days says so at once.
 */
function ofBefore(trx: Trx, nowMs: number, beforeMs: number, limit: number): Promise<ExpiredRow[]> {
  return unrated(trx, nowMs).where('daysFrom', 'is', null).where('requestedAt', '<', beforeMs).limit(limit).execute();
}

/** What the entries mean, as `projectExpiry` has it; by the row instead of by the entry, a month is done in a third of the time. */
async function mark(trx: Trx, expiredAt: number, rows: readonly ExpiredRow[], policy: Policy): Promise<void> {
  const byLevel = new Map<Level | null, string[]>();
  for (const row of rows) {
    const level = defaultLevel(row, policy);
    const known = byLevel.get(level);
    if (known === undefined) byLevel.set(level, [row.serviceId]);
    else known.push(row.serviceId);
  }
  for (const [level, serviceIds] of byLevel)
    await trx
      .updateTable('service')
      .set({ expiredAt, defaultLevel: level })
      .where('serviceId', 'in', serviceIds)
      .execute();
}
