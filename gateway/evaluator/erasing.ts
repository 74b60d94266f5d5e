/** Erases by the rule what is settled: a look now and then, in steps so small that no commit waits for them. */
import type { Clock } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import { judgeClock, type ClockMemory } from '../retention/steady-clock.js';
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
const CLOCK_KEY = 'erasingClock';

export class Erasing {
  readonly #parts: ErasingParts;
  readonly #everyMs: number;
  readonly #restMs: number;
  readonly #fault: RepeatedFault;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: ErasingParts, { everyMs = 3_600_000, restMs = 20 }: ErasingOptions = {}) {
    this.#parts = parts;
    this.#everyMs = everyMs;
    this.#restMs = restMs;
    this.#fault = new RepeatedFault(parts.logger, 'erasing');
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setInterval(() => void this.look(), this.#everyMs);
    void this.look();
  }

  /** Ends with the step that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  /** Looks now, or waits for the look that is under way. It never rejects: a fault is logged, and the next look tries again. */
  async look(): Promise<void> {
    if (this.#stopped) return;
    this.#working ??= this.#lookOnce()
      .then(() => this.#fault.clear())
      .catch((error: unknown) => this.#fault.report(error))
      .finally(() => {
        this.#working = undefined;
      });
    await this.#working;
  }

  /** Erases all that is settled by now, whatever the clock's past was. @returns how many services. */
  async erase(): Promise<number> {
    const { store, clock, folder, logger, retentionDays, hasOpenWorkOrder } = this.#parts;
    const nowMs = clock.wallMs();
    const times = { nowMs, cutoffMs: nowMs - retentionDays * DAY_MS };
    let erased = 0;
    let place: Place | null = null;
    do {
      if (this.#stopped) return erased;
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
    const row = await store.db.selectFrom('meta').select('value').where('key', '=', CLOCK_KEY).executeTakeFirst();
    const before = row === undefined ? undefined : (JSON.parse(row.value) as ClockMemory);
    const { steady, memory } = judgeClock(clock.wallMs(), before);
    const value = JSON.stringify(memory);
    await store.db
      .insertInto('meta')
      .values({ key: CLOCK_KEY, value })
      .onConflict((c) => c.column('key').doUpdateSet({ value }))
      .execute();
    if (steady) await this.erase();
  }
}
