/**
 * First answers by Idempotency-Key: durable, so that a request sent again after a restart of either side
 * gets what it got, and has its effect once.
 */
import { sql } from 'kysely';
import { PjqError, type Clock } from '../../protocol/index.js';
import type { Store } from '../store/store.js';

/** A first request without an answer for this long died with its process; another may take its place. */
export const ABANDONED_AFTER_MS = 60_000;

/** First answers are kept for 30 days; a counter PC repeats a request within seconds. */
export const KEPT_MS = 30 * 24 * 3_600_000;

export type Claim =
  /** The caller does the work, then says `keep` or `release`. */
  | { readonly kind: 'first'; readonly key: string; readonly claimedAt: number }
  | { readonly kind: 'answered'; readonly status: number; readonly body: string };

export class FirstAnswers {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(parts: { store: Store; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /**
   * Takes a key for a request.
   * @throws PjqError `idempotency-key-reused` when it stands for another request, `idempotency-in-progress`
   *   while the first request with it is being worked on.
   */
  async claim(key: string, requestHash: string): Promise<Claim> {
    const now = this.#clock.wallMs();
    return this.#store.db.transaction().execute(async (trx) => {
      const row = await trx.selectFrom('idempotency').selectAll().where('key', '=', key).executeTakeFirst();
      if (row === undefined) {
        await trx
          .insertInto('idempotency')
          .values({ key, requestHash, status: null, body: null, createdAt: now })
          .execute();
        return { kind: 'first', key, claimedAt: now };
      }
      if (row.requestHash !== requestHash) throw new PjqError('idempotency-key-reused');
      if (row.status !== null) return { kind: 'answered', status: row.status, body: row.body ?? '' };
      // The distance in either direction: a clock that was set back must not lock a key for years.
      const abandoned = Math.abs(now - row.createdAt) > ABANDONED_AFTER_MS;
      if (!abandoned) throw new PjqError('idempotency-in-progress');
      await trx.updateTable('idempotency').set({ createdAt: now }).where('key', '=', key).execute();
      return { kind: 'first', key, claimedAt: now };
    });
  }

  /** Keeps the first answer, unless somebody else has taken the key over meanwhile. */
  async keep(claim: Claim & { kind: 'first' }, status: number, body: string): Promise<void> {
    await this.#store.db
      .updateTable('idempotency')
      .set({ status, body })
      .where('key', '=', claim.key)
      .where('createdAt', '=', claim.claimedAt)
      .where('status', 'is', null)
      .execute();
  }

  /**
   * Forgets answers that are older than they are kept for. A service that was opened with such a key is still found by
   * its own identity. @param limit how many at most. @returns how many.
   */
  async prune(limit: number): Promise<number> {
    const now = this.#clock.wallMs();
    return this.#store.db.transaction().execute(async (trx) => {
      const old = await trx
        .selectFrom('idempotency')
        .select('key')
        // In either direction: what a clock that ran ahead has stamped must go some time, too.
        .where((e) => e.or([e(age(now), '>', KEPT_MS), e(age(now), '<', -KEPT_MS)]))
        .limit(limit)
        .execute();
      if (old.length === 0) return 0;
      await trx
        .deleteFrom('idempotency')
        .where(
          'key',
          'in',
          old.map(({ key }) => key),
        )
        .execute();
      return old.length;
    });
  }

  /** The request failed for now: the same request may be sent again with this key, another may not. */
  async release(claim: Claim & { kind: 'first' }): Promise<void> {
    await this.#store.db
      .updateTable('idempotency')
      .set({ createdAt: -claim.claimedAt })
      .where('key', '=', claim.key)
      .where('createdAt', '=', claim.claimedAt)
      .where('status', 'is', null)
      .execute();
  }
}

/** Of a row, in ms; a released one carries its time with the sign turned: nobody works on it, its hash still holds. */
function age(now: number) {
  return sql<number>`${now} - abs(${sql.ref('createdAt')})`;
}
