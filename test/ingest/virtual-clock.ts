/** A clock that moves only when told. */
import type { Clock } from '../../protocol/index.js';

export class VirtualClock implements Clock {
  #wallMs: number;
  #monoMs = 1_000;

  constructor(wallMs = 1_790_000_000_000) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monoMs(): number {
    return this.#monoMs;
  }

  /** Somebody sets the wall clock. */
  step(ms: number): void {
    this.#wallMs += ms;
  }

  advance(ms: number): void {
    this.#wallMs += ms;
    this.#monoMs += ms;
  }
}
