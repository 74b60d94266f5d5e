/**
 * Whether the hall's database takes what it is given. A full or failing disk is waited out: nothing is taken meanwhile
 * (so nothing is acknowledged, and the terminals keep what they have), and when there is room again it goes on by
 * itself. Damage is final for this process: what was damaged must not be built upon.
 */
import { ERRORS, PjqError, type Clock } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { raiseAlarm } from './alarm.js';
import type { Ballast } from './ballast.js';
import { databaseSpace, diskFreeBytes } from './space.js';
import { storeFault } from './store-fault.js';
import type { Db } from './store.js';

export type StoreCondition = 'sound' | 'full' | 'damaged';

export interface StoreHealthParts {
  readonly db: Db;
  /** Folder of the database. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ballast: Ballast;
  /** Writes an alarm into a database that this connection writes no more to. */
  readonly alarmBeside: (alarm: StoreAlarm) => Promise<void>;
  /** The disk takes nothing: perhaps something can go. */
  readonly onFull?: () => void;
  /** It takes again. */
  readonly onSound?: () => Promise<void>;
}

export interface StoreAlarm {
  readonly code: 'store-full' | 'store-damaged';
  readonly subject: string;
  readonly detail: string;
  readonly at: number;
}

export interface StoreHealthOptions {
  /** While the disk is full it is tried this often, ms. Default 1000. */
  readonly retryMs?: number;
  /** How long a commit vouches for the next, ms. Default 5000. */
  readonly vouchMs?: number;
}

export class StoreHealth {
  readonly #parts: StoreHealthParts;
  readonly #retryMs: number;
  readonly #vouchMs: number;
  #condition: StoreCondition = 'sound';
  /** By the monotonic clock, when a write was last seen to be committed. */
  #committedMonoMs = -Infinity;
  #probe: Promise<boolean> | undefined;
  #probes = 0;
  #timer: NodeJS.Timeout | undefined;
  #trying: Promise<void> | undefined;

  constructor(parts: StoreHealthParts, { retryMs = 1_000, vouchMs = 5_000 }: StoreHealthOptions = {}) {
    this.#parts = parts;
    this.#retryMs = retryMs;
    this.#vouchMs = vouchMs;
  }

  get condition(): StoreCondition {
    return this.#condition;
  }

  /** @param fullBefore the error by which it is known already that the disk is full. */
  start(fullBefore?: unknown): void {
    if (fullBefore === undefined) this.#takeBallast();
    else this.saw(fullBefore);
    this.#timer = setInterval(() => {
      if (this.#condition === 'full') this.#tryAgain();
    }, this.#retryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#trying;
    await this.#probe;
  }

  /** @throws PjqError `store-full` or `store-damaged` while nothing may be taken. */
  check(): void {
    if (this.#condition !== 'sound') throw new PjqError(CODE[this.#condition]);
  }

  /** A write was committed, by whomever: for a while nobody needs to ask. */
  committed(): void {
    this.#committedMonoMs = this.#parts.clock.monoMs();
  }

  /** Every error that an access to the store threw is shown here. */
  saw(error: unknown): void {
    const fault = storeFault(error);
    if (fault === 'other' || this.#condition === 'damaged') return;
    this.#committedMonoMs = -Infinity;
    if (fault === 'damaged') this.#damaged(error);
    else if (this.#condition === 'sound') this.#full(error);
  }

  /**
   * Whether a write is committed now. A commit that was seen a moment ago counts, so that asking often costs nothing;
   * without one a row is really written.
   */
  async takesWrites(): Promise<boolean> {
    if (this.#condition !== 'sound') return false;
    if (this.#parts.clock.monoMs() - this.#committedMonoMs < this.#vouchMs) return true;
    this.#probe ??= this.#write().finally(() => {
      this.#probe = undefined;
    });
    return this.#probe;
  }

  #full(error: unknown): void {
    const { logger, ballast, onFull } = this.#parts;
    this.#condition = 'full';
    logger.error({ code: 'store-full', hint: ERRORS['store-full'].hint, error }, 'store takes nothing');
    try {
      ballast.give();
    } catch {
      // Mounted read-only: there is nothing to be had.
    }
    // Not within the transaction that has just failed.
    setImmediate(() => {
      this.#alarm().catch(() => undefined);
      onFull?.();
    });
  }

  #damaged(error: unknown): void {
    const { db, logger, alarmBeside, folder, clock } = this.#parts;
    this.#condition = 'damaged';
    logger.error({ code: 'store-damaged', hint: ERRORS['store-damaged'].hint, error }, 'store damaged');
    const alarm = { code: 'store-damaged', subject: folder, detail: messageOf(error), at: clock.wallMs() } as const;
    // In its turn: the transaction that met the damage still holds the database.
    db.connection()
      .execute(() => alarmBeside(alarm))
      .catch((cause: unknown) => logger.error({ error: cause }, 'no alarm could be written'));
  }

  #tryAgain(): void {
    this.#trying ??= this.#isSoundAgain()
      .then(async (sound) => {
        if (!sound) return;
        this.#condition = 'sound';
        this.#takeBallast();
        this.#parts.logger.info('store takes again');
        // Perhaps there was no room for it before.
        await this.#alarm();
        await this.#parts.onSound?.();
      })
      .catch((error: unknown) => this.#parts.logger.error({ error }, 'store'))
      .finally(() => {
        this.#trying = undefined;
      });
  }

  /** Room for the ballast and as much again, on the disk or in the database, and a write that is really committed. */
  async #isSoundAgain(): Promise<boolean> {
    const { db, folder, ballast } = this.#parts;
    const room = (await diskFreeBytes(folder)) + (await databaseSpace(db)).freeBytes;
    return room >= 2 * ballast.bytes && (await this.#write());
  }

  async #write(): Promise<boolean> {
    const { db, clock } = this.#parts;
    this.#probes += 1;
    // Never the same twice: SQLite writes nothing for a row that stays as it is.
    const value = `${clock.wallMs()} ${this.#probes}`;
    try {
      await db
        .insertInto('meta')
        .values({ key: 'writeProbe', value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
        .execute();
      this.committed();
      return true;
    } catch (error) {
      // That is the answer: the store takes no writes.
      this.saw(error);
      return false;
    }
  }

  #alarm(): Promise<void> {
    const { db, folder, clock } = this.#parts;
    const alarm = { code: 'store-full', subject: folder, detail: 'the disk took nothing', at: clock.wallMs() } as const;
    return db.transaction().execute((trx) => raiseAlarm(trx, alarm));
  }

  #takeBallast(): void {
    const { ballast, logger } = this.#parts;
    try {
      ballast.take();
    } catch (error) {
      logger.warn({ error }, 'no room for the ballast');
    }
  }
}

const CODE = { full: 'store-full', damaged: 'store-damaged' } as const;

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
