/**
 * Tries at something that has a few only, durable: a restart gives nobody a new one. A try counts before it is looked
 * at, so that a hundred at once are no more than the few. Subjects are digests; what was tried is kept nowhere.
 */
import type { Clock } from '../../protocol/index.js';
import type { Db, Trx } from '../store/store.js';
import { WindowCodeLocked } from './window-code-locked.js';

/** So many tries of one subject, then none for a while. Tries are forgotten when none came for as long. */
export interface AttemptRule {
  readonly subject: string;
  readonly tries: number;
  readonly lockMs: number;
}

interface Row {
  readonly failures: number;
  readonly lockedUntil: number;
  readonly at: number;
}

interface Tried {
  readonly rule: AttemptRule;
  readonly row: Row | undefined;
}

/** Rows that say nothing any more go after this. */
const FORGET_MS = 2 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

export class Attempts {
  readonly #db: Db;
  readonly #clock: Clock;
  #forgotAtMs = -Infinity;

  constructor(db: Db, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /**
   * Takes one try of each subject, if none of them is locked; the last one that there is locks it.
   * @throws WindowCodeLocked where it may not be tried; then nothing is written.
   */
  async take(rules: readonly AttemptRule[]): Promise<void> {
    const nowMs = this.#clock.wallMs();
    // What is locked is answered without a place in the queue of writers.
    refuseLocked(await this.#read(this.#db, rules), nowMs);
    await this.#db.transaction().execute(async (trx) => {
      const read = await this.#read(trx, rules);
      refuseLocked(read, nowMs);
      for (const { row, rule } of read) await write(trx, rule.subject, counted(row, rule, nowMs));
      await this.#forget(trx, nowMs);
    });
  }

  /** The try was right: it is given back, with the lock that it made; of the subject `whole` every try is. */
  async giveBack(rules: readonly AttemptRule[], whole: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const { row, rule } of await this.#read(trx, rules)) {
        if (row === undefined) continue;
        const failures = rule.subject === whole ? 0 : Math.max(0, row.failures - 1);
        await write(trx, rule.subject, {
          ...row,
          failures,
          lockedUntil: failures < rule.tries ? 0 : row.lockedUntil,
        });
      }
    });
  }

  async #read(db: Db | Trx, rules: readonly AttemptRule[]): Promise<Tried[]> {
    const rows = await db
      .selectFrom('attempt')
      .selectAll()
      .where(
        'subject',
        'in',
        rules.map(({ subject }) => subject),
      )
      .execute();
    const bySubject = new Map(rows.map((row) => [row.subject, row]));
    return rules.map((rule) => ({ rule, row: bySubject.get(rule.subject) }));
  }

  async #forget(trx: Trx, nowMs: number): Promise<void> {
    if (Math.abs(nowMs - this.#forgotAtMs) < FORGET_EVERY_MS) return;
    this.#forgotAtMs = nowMs;
    await trx
      .deleteFrom('attempt')
      .where('at', '<', nowMs - FORGET_MS)
      .execute();
  }
}

/** Told is the longest of the locks that stand: after it none of them does. */
function refuseLocked(tried: readonly Tried[], nowMs: number): void {
  const locks = tried.filter(({ row, rule }) => isLocked(row, rule, nowMs)).map(({ rule }) => rule.lockMs);
  if (locks.length > 0) throw new WindowCodeLocked(Math.max(...locks));
}

/** A lock that ends later than any could by now was made by a clock that was wrong; it is none. */
function isLocked(row: Row | undefined, { lockMs }: AttemptRule, nowMs: number): boolean {
  return row !== undefined && nowMs < row.lockedUntil && row.lockedUntil <= nowMs + lockMs;
}

function counted(row: Row | undefined, { tries, lockMs }: AttemptRule, nowMs: number): Row {
  const isFresh = row !== undefined && row.lockedUntil === 0 && Math.abs(nowMs - row.at) < lockMs;
  const failures = (isFresh ? row.failures : 0) + 1;
  return { failures, lockedUntil: failures >= tries ? nowMs + lockMs : 0, at: nowMs };
}

async function write(trx: Trx, subject: string, row: Row): Promise<void> {
  await trx
    .insertInto('attempt')
    .values({ subject, ...row })
    .onConflict((c) => c.column('subject').doUpdateSet(row))
    .execute();
}
