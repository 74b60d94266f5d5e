/**
 * How fast one peer is listened to. What is too much is not dropped: it waits in the peer's own socket.
 *
 * Batches go by acks, not by a rate: a terminal has at most four of them unanswered, so that a drain at full speed
 * never waits here, and one that floods is no faster than the hall commits. Time is an input, ms.
 */
import type { BrokerLimits } from './broker-limits.js';
import type { WirePacket } from './packet-gate.js';
import { TokenBucket } from '../peers/token-bucket.js';

export class PeerInflow {
  readonly #limits: BrokerLimits;
  readonly #bytes: TokenBucket;
  readonly #messages: TokenBucket;
  readonly #refusals: TokenBucket;
  #unanswered = 0;
  #fullSinceMs = 0;

  constructor(limits: BrokerLimits, nowMs: number) {
    this.#limits = limits;
    this.#bytes = new TokenBucket(limits.bytes, nowMs);
    this.#messages = new TokenBucket(limits.messages, nowMs);
    this.#refusals = new TokenBucket(limits.refusals, nowMs);
  }

  /** A new connection of the same terminal: what it owes stays, what was on its way is said again. */
  reconnected(): void {
    this.#unanswered = 0;
  }

  /** How long this packet has to wait, ms; 0: it may come in. */
  waitMs({ kind }: WirePacket, nowMs: number): number {
    const rateMs = Math.max(this.#bytes.waitMs(nowMs), this.#refusals.waitMs(nowMs));
    if (kind === 'log') return Math.max(rateMs, this.#answerMs(nowMs));
    return kind === 'puback' ? rateMs : Math.max(rateMs, this.#messages.waitMs(nowMs));
  }

  /** It came in. */
  took({ kind, wireBytes }: WirePacket, nowMs: number): void {
    this.#bytes.take(wireBytes, nowMs);
    if (kind === 'log') {
      if (this.#unanswered >= this.#limits.maxUnanswered) this.#unanswered = 0;
      this.#unanswered += 1;
      this.#fullSinceMs = nowMs;
    } else if (kind !== 'puback') {
      this.#messages.take(1, nowMs);
    }
  }

  /** An ack went out: for everything of a group that was committed, or for the one message that it refuses. */
  answered(wasRefused: boolean, nowMs: number): void {
    this.#unanswered = wasRefused ? Math.max(0, this.#unanswered - 1) : 0;
    if (wasRefused) this.#refusals.take(1, nowMs);
  }

  /** A group that could not be committed is never answered: the terminal sends it again, and must be heard then. */
  #answerMs(nowMs: number): number {
    if (this.#unanswered < this.#limits.maxUnanswered) return 0;
    return Math.max(0, this.#fullSinceMs + this.#limits.unansweredMs - nowMs);
  }
}
