/**
 * The gateway's clock as this terminal can know it: what it said, carried on by the monotonic clock. A message
 * may come late and never early, so of two the one that says later is nearer; an old one that was held up on
 * its way must not turn the time back, or an expired command would greet the next citizen.
 */
import type { Clock, ClockState } from '../../protocol/index.js';

/** How far two clocks may run apart: a crystal's worst, with room (ms per ms). */
const DRIFT = 0.0002;

export class GatewayTime {
  readonly #clock: Clock;
  readonly #toleranceMs: number;
  #heard: { gatewayTime: number; mono: number } | null = null;

  /** @param toleranceMs how far the wall clock may be off and still count as right. */
  constructor(clock: Clock, toleranceMs: number) {
    this.#clock = clock;
    this.#toleranceMs = toleranceMs;
  }

  /**
   * Takes what the gateway said, unless what is known is nearer.
   * @param askedMonoMs when the question was sent that this answers, by the own monotonic clock; `null` when
   *   nobody asked. An answer that is earlier than its question shows that the gateway's clock went back.
   */
  hear(gatewayTime: number, askedMonoMs: number | null): void {
    const mono = this.#clock.monoMs();
    if (this.#heard !== null) {
      const known = this.nowMs();
      const nearer = gatewayTime >= known - (mono - this.#heard.mono) * DRIFT;
      const wentBack = askedMonoMs !== null && gatewayTime < known - (mono - askedMonoMs);
      if (!nearer && !wentBack) return;
    }
    this.#heard = { gatewayTime, mono };
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
