/** How fast something may go on: `burst` at once, then `perSecond`. Time is an input, ms that never go back. */
import type { Rate } from './rate.js';

export class TokenBucket {
  readonly #rate: Rate;
  #level: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#level = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes without asking: what is dearer than the level leaves a debt, which is waited for afterwards. */
  take(cost: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level -= cost;
  }

  /** How long until something may be taken, ms; 0: now. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#level > 0 ? 0 : Math.ceil((-this.#level / this.#rate.perSecond) * 1_000) + 1;
  }

  /** Takes one if it may. */
  allows(nowMs: number): boolean {
    const may = this.waitMs(nowMs) === 0;
    if (may) this.#level -= 1;
    return may;
  }

  /** Whether nothing is owed: it may be forgotten and made anew. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#level >= this.#rate.burst;
  }

  #refill(nowMs: number): void {
    const { perSecond, burst } = this.#rate;
    this.#level = Math.min(burst, this.#level + ((nowMs - this.#atMs) / 1_000) * perSecond);
    this.#atMs = nowMs;
  }
}
