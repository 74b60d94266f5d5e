/**
 * First answers by Idempotency-Key: durable, so that a request sent again after a restart of either side
 * gets what it got, and has its effect once.
 */
import { sql } from 'kysely';
import { PjqError, type Clock } from '../../protocol/index.js';
import { insertMany, selectMany } from '../store/bulk.js';
import { keptQuery } from '../store/kept-query.js';
import type { IdempotencyTable } from '../store/schema.js';
import type { Store, Trx } from '../store/store.js';

/** A first request without an answer for this long died with its process; another may take its place. */
export const ABANDONED_AFTER_MS = 60_000;

/** First answers are kept for 30 days; a counter PC repeats a request within seconds. */
export const KEPT_MS = 30 * 24 * 3_600_000;

/** What was answered, to the byte. */
export interface FirstAnswer {
  readonly status: number;
  readonly body: string;
}

/** A key that stands for a request which is being worked on. */
export interface Claim {
  readonly key: string;
  readonly claimedAt: number;
}

export class FirstAnswers {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(parts: { store: Store; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
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
}

/** Of a row, in ms; a released one carries its time with the sign turned: nobody works on it, its hash still holds. */
function age(now: number) {
  return sql<number>`${now} - abs(${sql.ref('createdAt')})`;
}

const COLUMNS = [
  'key',
  'requestHash',
  'status',
  'body',
  'createdAt',
] as const satisfies readonly (keyof IdempotencyTable)[];

/** Unless somebody else has taken the key over meanwhile, or answered. */
const settleKey = keptQuery(
  (db, key: string, claimedAt: number, status: number | null, body: string | null, createdAt: number) =>
    db
      .updateTable('idempotency')
      .set({ status, body, createdAt })
      .where('key', '=', key)
      .where('createdAt', '=', claimedAt)
      .where('status', 'is', null),
);

/** The keys of the requests of one transaction: read together, judged one by one in memory, written together. */
export class KeyClaims {
  readonly #trx: Trx;
  readonly #rows = new Map<string, IdempotencyTable>();
  readonly #new = new Set<IdempotencyTable>();
  readonly #takenOver: { readonly row: IdempotencyTable; readonly before: number }[] = [];

  constructor(trx: Trx) {
    this.#trx = trx;
  }

  async load(keys: readonly string[]): Promise<void> {
    const unique = Array.from(new Set(keys), (key): [string] => [key]);
    for (const row of await selectMany(this.#trx, 'idempotency', COLUMNS, ['key'], unique))
      this.#rows.set(row.key, { ...row });
  }

  /**
   * @returns the first answer to a request with this key; `null` where the key is to be taken.
   * @throws PjqError `idempotency-key-reused` when it stands for another request, `idempotency-in-progress` while the
   *   first request with it is being worked on.
   */
  answerTo(key: string, requestHash: string, nowMs: number): FirstAnswer | null {
    const known = this.#rows.get(key);
    if (known === undefined) return null;
    if (known.requestHash !== requestHash) throw new PjqError('idempotency-key-reused');
    if (known.status !== null) return { status: known.status, body: known.body ?? '' };
    // The distance in either direction: a clock that was set back must not lock a key for years.
    const isAbandoned = Math.abs(nowMs - known.createdAt) > ABANDONED_AFTER_MS;
    if (!isAbandoned) throw new PjqError('idempotency-in-progress');
    return null;
  }

  /** Takes a key to which there is no answer. */
  take(key: string, requestHash: string, nowMs: number): Claim {
    const known = this.#rows.get(key);
    if (known === undefined) {
      const row = { key, requestHash, status: null, body: null, createdAt: nowMs };
      this.#rows.set(key, row);
      this.#new.add(row);
    } else {
      if (!this.#new.has(known)) this.#takenOver.push({ row: known, before: known.createdAt });
      known.createdAt = nowMs;
    }
    return { key, claimedAt: nowMs };
  }

  /** Settles a claim of this very transaction, as `settleClaim` does one of an earlier. */
  settle(claim: Claim, answer: FirstAnswer | null): void {
    const row = this.#rows.get(claim.key);
    if (row === undefined) return;
    Object.assign(row, answer ?? { createdAt: -claim.claimedAt });
  }

  /** Writes what was taken and settled. */
  async write(): Promise<void> {
    const rows = Array.from(this.#new, (row) => COLUMNS.map((column) => row[column]));
    await insertMany(this.#trx, 'idempotency', COLUMNS, rows);
    for (const { row, before } of this.#takenOver)
      await settleKey(this.#trx, row.key, before, row.status, row.body, row.createdAt);
  }
}

/**
 * Keeps the first answer to a request that was claimed in an earlier transaction, or with `null` lets go of the key: the
 * same request may be sent again with it, another may not.
 */
export async function settleClaim(trx: Trx, { key, claimedAt }: Claim, answer: FirstAnswer | null): Promise<void> {
  const [status, body, createdAt] =
    answer === null ? [null, null, -claimedAt] : [answer.status, answer.body, claimedAt];
  await settleKey(trx, key, claimedAt, status, body, createdAt);
}
