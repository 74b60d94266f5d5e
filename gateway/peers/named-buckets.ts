/** A bucket a name, for names that anybody may make up: as many as `MOST_NAMES`, then those go that owe nothing, then the oldest. */
import type { Rate } from './rate.js';
import { TokenBucket } from './token-bucket.js';

const MOST_NAMES = 4_096;

export class NamedBuckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  get total(): number {
    return this.#buckets.size;
  }

  has(name: string): boolean {
    return this.#buckets.has(name);
  }

  /** Takes one of this name's if it may. */
  allows(name: string, nowMs: number): boolean {
    return this.#of(name, nowMs).allows(nowMs);
  }

  /** Whether the name has used up what it may. Takes nothing. */
  isSpent(name: string, nowMs: number): boolean {
    return (this.#buckets.get(name)?.waitMs(nowMs) ?? 0) > 0;
  }

  #of(name: string, nowMs: number): TokenBucket {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    if (this.#buckets.size >= MOST_NAMES) this.#forget(nowMs);
    const bucket = new TokenBucket(this.#rate, nowMs);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** Makes room for many at once, so that a flood of names does not have all of them looked through for each. */
  #forget(nowMs: number): void {
    for (const [name, bucket] of this.#buckets) if (bucket.isFull(nowMs)) this.#buckets.delete(name);
    for (const name of this.#buckets.keys()) {
      if (this.#buckets.size <= MOST_NAMES / 2) return;
      this.#buckets.delete(name);
    }
  }
}
