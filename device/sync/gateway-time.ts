/** The gateway's clock as this terminal can know it: the last time it said, carried on by the monotonic clock. */
import type { Clock, ClockState } from '../../protocol/index.js';

export class GatewayTime {
  readonly #clock: Clock;
  readonly #toleranceMs: number;
  #heard: { gatewayTime: number; mono: number } | null = null;

  /** @param toleranceMs how far the wall clock may be off and still count as right. */
  constructor(clock: Clock, toleranceMs: number) {
    this.#clock = clock;
    this.#toleranceMs = toleranceMs;
  }

  hear(gatewayTime: number): void {
    this.#heard = { gatewayTime, mono: this.#clock.monoMs() };
  }

  /** The last pair, to be echoed in a batch. */
  get echo(): { gatewayTime: number; mono: number } | null {
    return this.#heard;
  }

  /** The gateway's time now, ms; the own wall clock while none was heard. */
  nowMs(): number {
    if (this.#heard === null) return this.#clock.wallMs();
    return this.#heard.gatewayTime + (this.#clock.monoMs() - this.#heard.mono);
  }

  /** `synced` only when somebody who knows the time was heard in this run and the wall clock agrees. */
  clockState(): ClockState {
    if (this.#heard === null) return 'free';
    return Math.abs(this.#clock.wallMs() - this.nowMs()) <= this.#toleranceMs ? 'synced' : 'free';
  }
}
