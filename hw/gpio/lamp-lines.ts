/**
 * The lamp lines of a chip, held by one gpioset that is replaced at each change. For the few milliseconds between
 * two of them no one holds the lines; a lamp may go dark for that long.
 */
import type { LineValues } from './gpiod-commands.js';
import type { Gpiod } from './gpiod.js';
import type { ToolProcess } from './tool-process.js';

export interface LampLinesParts {
  readonly gpiod: Gpiod;
  /** Every line of every lamp. */
  readonly lines: readonly number[];
  /** Whether a high line lights. */
  readonly activeHigh: boolean;
  readonly nextDelayMs: (attempt: number) => number;
  /** They cannot be set (`reason`), or can again (`null`). Told when it changes. */
  readonly fault: (reason: string | null) => void;
}

/** A gpioset that has not complained for so long holds the lines, ms. Only the end of a fault waits for it. */
const SETTLE_MS = 1_000;

export class LampLines {
  readonly #parts: LampLinesParts;
  #wish: readonly number[] | undefined;
  /** What the running gpioset was told. */
  #told: readonly number[] | undefined;
  #holder: ToolProcess | undefined;
  #work: Promise<void> | undefined;
  #stopped = false;
  #attempt = 0;
  #faulty = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: LampLinesParts) {
    this.#parts = parts;
  }

  /** Lights these lines and no other. The last wish counts; those between are left out. */
  show(lit: readonly number[]): void {
    this.#wish = lit;
    this.#pursue();
  }

  /** Ends what holds the lines; with `dark`, after having put them out. Resolves when no process of it is left. */
  async stop(dark: boolean): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#work;
    await this.#holder?.end();
    this.#holder = undefined;
    if (dark && this.#told !== undefined) await this.#parts.gpiod.set(this.#valuesOf([]));
  }

  #pursue(): void {
    this.#work ??= this.#replace().finally(() => (this.#work = undefined));
  }

  async #replace(): Promise<void> {
    while (!this.#stopped && this.#wish !== this.#told) {
      clearTimeout(this.#timer);
      await this.#holder?.end();
      const { gpiod } = this.#parts;
      const wish = this.#wish;
      if (wish === undefined || this.#isStopped()) return;
      const holder = gpiod.hold(this.#valuesOf(wish));
      this.#told = wish;
      this.#holder = holder;
      holder.start({
        line: () => undefined,
        ended: (reason) => this.#ended(holder, reason),
      });
      this.#timer = setTimeout(() => this.#holds(), SETTLE_MS);
    }
  }

  /** Read anew: it changes while something is awaited. */
  #isStopped(): boolean {
    return this.#stopped;
  }

  #holds(): void {
    this.#attempt = 0;
    if (this.#faulty) this.#parts.fault(null);
    this.#faulty = false;
  }

  #ended(holder: ToolProcess, reason: string): void {
    // One that was replaced has ended as it should.
    if (this.#stopped || holder !== this.#holder || this.#work !== undefined) return;
    this.#holder = undefined;
    this.#told = undefined;
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pursue(), this.#parts.nextDelayMs(this.#attempt));
    if (!this.#faulty) this.#parts.fault(reason);
    this.#faulty = true;
  }

  #valuesOf(lit: readonly number[]): LineValues {
    const { lines, activeHigh } = this.#parts;
    return new Map(lines.map((line) => [line, lit.includes(line) === activeHigh]));
  }
}
