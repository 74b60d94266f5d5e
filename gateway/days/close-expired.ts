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
    const rows = await trx
      .selectFrom('service')
      .select(['serviceId', 'state', 'stage', 'takenBackAt'])
      .where('ratingId', 'is', null)
      .where('expiredAt', 'is', null)
      .where('daysFrom', '<', expiredBeforeMs(nowMs, policy.ratingWindowDays, policy.timeZone))
      // Asked for again, and on its way to the terminal at this moment: the next look will know more.
      .where((e) =>
        e.or([
          e('state', '<>', 'requested'),
          e('validUntil', 'is', null),
          e('validUntil', '<=', nowMs),
          e('validUntil', '>', nowMs + LONGEST_VALID_MS),
        ]),
      )
      .orderBy('daysFrom')
      .limit(limit)
      .execute();
    const appended = await store.own.appendAll(
      trx,
      'service.expired',
      rows.map((row) => ({ serviceId: row.serviceId, level: defaultLevel(row, policy), policy: policyId })),
    );
    const [first] = appended;
    if (first !== undefined) await mark(trx, first.at, rows, policy);
    return rows.length;
  });
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
