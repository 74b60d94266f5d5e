/** Erases by the rule what is settled: a look now and then, in steps so small that no commit waits for them. */
import type { Clock } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { rememberClock, rememberedClock } from '../retention/clock-memory.js';
import { RepeatedLook } from '../retention/repeated-look.js';
import { judgeClock } from '../retention/steady-clock.js';
import type { Store } from '../store/store.js';
import { eraseSettled, type HasOpenWorkOrder, type Place } from './settled.js';
import { clearTraces } from './traces.js';

export interface ErasingParts {
  readonly store: Store;
  /** Of the database. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retentionDays: number;
  readonly hasOpenWorkOrder: HasOpenWorkOrder;
}

export interface ErasingOptions {
  /** From one look to the next, ms. Default an hour. */
  readonly everyMs?: number;
  /** Rest after each step, ms, in which commits go first. Default 20. */
  readonly restMs?: number;
}

/** Of a hall that has not chosen, days. */
export const DEFAULT_RETENTION_DAYS = 30;

const DAY_MS = 24 * 3_600_000;
const STEP_ROWS = 50;

export class Erasing {
  readonly #parts: ErasingParts;
  readonly #restMs: number;
  readonly #looks: RepeatedLook;

  constructor(parts: ErasingParts, { everyMs = 3_600_000, restMs = 20 }: ErasingOptions = {}) {
    this.#parts = parts;
    this.#restMs = restMs;
    this.#looks = new RepeatedLook(() => this.#lookOnce(), { what: 'erasing', logger: parts.logger, everyMs });
  }

  start(): void {
    this.#looks.start();
  }

  /** Ends with the step that is under way. */
  async stop(): Promise<void> {
    await this.#looks.stop();
  }

  /** Looks now; it never rejects. */
  look(): Promise<void> {
    return this.#looks.look();
  }

  /** Erases all that is settled by now, whatever the clock's past was. @returns how many services. */
  async erase(): Promise<number> {
    const { store, clock, folder, logger, retentionDays, hasOpenWorkOrder } = this.#parts;
    const nowMs = clock.wallMs();
    const times = { nowMs, cutoffMs: nowMs - retentionDays * DAY_MS };
    let erased = 0;
    let place: Place | null = null;
    do {
      if (this.#looks.stopped) return erased;
      const step = await eraseSettled(store, hasOpenWorkOrder, times, place, STEP_ROWS);
      erased += step.erased;
      place = step.next;
      if (place !== null) await new Promise((resolve) => setTimeout(resolve, this.#restMs));
    } while (place !== null);
    if (erased > 0) logger.info({ services: erased }, 'settled evaluator data erased');
    if (!(await clearTraces(store, folder))) logger.info({}, 'write-ahead log in use: cleared at the next look');
    return erased;
  }

  /** What is erased does not come back; so a clock that has just jumped ahead is not believed at once. */
  async #lookOnce(): Promise<void> {
    const { store, clock } = this.#parts;
    const before = await rememberedClock(store.db, 'erasingClock');
    const { steady, memory } = judgeClock(clock.wallMs(), before);
    await rememberClock(store.db, 'erasingClock', memory);
    if (steady) await this.erase();
  }
}
