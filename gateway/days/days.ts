/**
 * The days of a service, carried out: when they are over and nobody rated it, it is closed by default. It looks every
 * few minutes, closes in steps so small that no commit of a batch waits long for one, and rests after each.
 */
import type { Logger } from '../../protocol/runtime/logging.js';
import { RepeatedLook } from '../retention/repeated-look.js';
import { closeExpired, type ClosingParts } from './close-expired.js';
import { seeClock, trustClock } from './days-clock.js';

export interface DaysParts extends ClosingParts {
  readonly logger: Logger;
}

export interface DaysOptions {
  /** From one look to the next, ms. Default ten minutes. */
  readonly everyMs?: number;
  /** Share of the time that closing may take, in which commits wait. Default three fifths. */
  readonly share?: number;
}

const [FEWEST, FIRST, MOST] = [25, 100, 400];
/** A step that takes longer makes the next one smaller, ms. */
const STEP_MS = 6;

export class Days {
  readonly #parts: DaysParts;
  readonly #share: number;
  readonly #looks: RepeatedLook;
  #limit = FIRST;

  constructor(parts: DaysParts, { everyMs = 600_000, share = 0.6 }: DaysOptions = {}) {
    this.#parts = parts;
    this.#share = share;
    this.#looks = new RepeatedLook(() => this.#lookOnce(), {
      what: 'closing by default',
      logger: parts.logger,
      everyMs,
    });
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

  /** Closes whatever is over by the clock as it is, on the word of an operator. @returns how many services. */
  async closeNow(): Promise<number> {
    await trustClock(this.#parts.store, this.#parts.clock, 'daysClock');
    return this.#closeAll();
  }

  async #lookOnce(): Promise<void> {
    const { store, clock, logger } = this.#parts;
    const { steady, holdIsNew, heldUntilMs } = await seeClock(store, clock, 'daysClock');
    if (steady) await this.#closeAll();
    else if (holdIsNew)
      logger.warn(
        { heldUntil: new Date(heldUntilMs).toISOString() },
        'the clock jumped: no service is closed by default until it has proved itself; if it is right, `pjq days close`',
      );
  }

  async #closeAll(): Promise<number> {
    let closed = 0;
    while (!this.#looks.stopped) {
      const [limit, from] = [this.#limit, performance.now()];
      const total = await closeExpired(this.#parts, limit);
      const tookMs = performance.now() - from;
      closed += total;
      if (total < limit) break;
      this.#pace(tookMs);
      await rest(tookMs * (1 / this.#share - 1));
    }
    if (closed > 0) this.#parts.logger.info({ closed }, 'services closed by default');
    return closed;
  }

  #pace(tookMs: number): void {
    if (tookMs > STEP_MS) this.#limit = Math.max(FEWEST, Math.floor(this.#limit / 2));
    else if (tookMs < STEP_MS / 2) this.#limit = Math.min(MOST, this.#limit * 2);
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
