/**
 * From the kernel's time of an edge to the caller's clock. The two begin somewhere else, so the shortest delay that
 * was seen between an edge and its coming here stands for no delay at all. Kernels before 5.7 stamp edges with the
 * wall clock, which steps: what cannot be true is not believed, and the edge counts as seen when it came.
 */
const LONGEST_DELAY_MS = 2_000;

export class EventClock {
  /** Caller's clock less the kernel's, at the least delay so far, ms. */
  #offsetMs = Infinity;

  /** @returns when the edge was made, on the caller's clock; never later than now. */
  seenMs(kernelMs: number, nowMs: number): number {
    this.#offsetMs = Math.min(this.#offsetMs, nowMs - kernelMs);
    const seenMs = kernelMs + this.#offsetMs;
    if (nowMs - seenMs <= LONGEST_DELAY_MS) return seenMs;
    this.#offsetMs = nowMs - kernelMs;
    return nowMs;
  }
}
