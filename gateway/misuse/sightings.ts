/**
 * Who sent which act, as digests. They are written together, a second's at a time: no rating waits for them, and a crash
 * takes a second of what is a hint and no figure. After the policy's days they go.
 */
import type { Clock } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Caller } from '../rate/rate-door.js';
import { insertMany } from '../store/bulk.js';
import type { Store } from '../store/store.js';
import type { MarksOf } from './caller-marks.js';

export interface SightingsParts {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  readonly marksOf: MarksOf;
  readonly logger: Logger;
  /** From the first that waits to the writing, ms; a second where nothing is said. */
  readonly waitMs?: number;
}

const COLUMNS = ['ratingId', 'device', 'block', 'inHall', 'at'] as const;
/** What waits while the store takes nothing; more are let go of. */
const MOST_WAITING = 10_000;
const FORGET_AT_ONCE = 500;

export class Sightings {
  readonly #parts: SightingsParts;
  readonly #fault: RepeatedFault;
  #waiting: unknown[][] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: SightingsParts) {
    this.#parts = parts;
    this.#fault = new RepeatedFault(parts.logger, 'callers could not be recorded');
  }

  /** Takes note; nobody waits for it. */
  note(ratingId: string, caller: Caller): void {
    const { marksOf, clock, waitMs = 1_000 } = this.#parts;
    if (this.#waiting.length >= MOST_WAITING) return;
    const { device, block, inHall } = marksOf(caller);
    this.#waiting.push([ratingId, device, block, inHall ? 1 : 0, clock.wallMs()]);
    this.#timer ??= setTimeout(() => void this.write(), waitMs).unref();
  }

  /** Writes what waits; it never rejects. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#insert());
    await this.#writing;
  }

  /** Lets go of what was seen before; a few hundred at a time, so that no commit waits long. */
  async forget(beforeMs: number): Promise<void> {
    const { db } = this.#parts.store;
    for (;;) {
      const old = db.selectFrom('sighting').select('ratingId').where('at', '<', beforeMs).limit(FORGET_AT_ONCE);
      const { numDeletedRows } = await db.deleteFrom('sighting').where('ratingId', 'in', old).executeTakeFirstOrThrow();
      if (Number(numDeletedRows) < FORGET_AT_ONCE) return;
    }
  }

  async #insert(): Promise<void> {
    const rows = this.#waiting;
    this.#waiting = [];
    if (rows.length === 0) return;
    try {
      await this.#parts.store.db
        .transaction()
        .execute((trx) => insertMany(trx, 'sighting', COLUMNS, rows, { key: ['ratingId'] }));
      this.#fault.clear();
    } catch (error) {
      this.#fault.report(error);
      this.#waiting.unshift(...rows.slice(0, MOST_WAITING - this.#waiting.length));
    }
  }
}
