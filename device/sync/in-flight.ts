/**
 * Batches that are on their way: how many, and how long to wait for an answer before sending again. Each time in
 * vain is waited for twice as long as the one before: behind a broker there may be nobody, and whoever comes back
 * finds the link full of what it has already.
 */

export interface WindowLimits {
  /** Batches on their way at once. */
  readonly batches: number;
  readonly minResendMs: number;
  readonly maxResendMs: number;
}

export class InFlight {
  readonly #limits: WindowLimits;
  #sent: { lastSeq: number; sentMs: number }[] = [];
  /** Smoothed time to an ack; a resend timer shorter than a slow commit would only make duplicates. */
  #ackMs: number | null = null;
  /** How often everything was sent again since the last progress. */
  #resends = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  get full(): boolean {
    return this.#sent.length >= this.#limits.batches;
  }

  get empty(): boolean {
    return this.#sent.length === 0;
  }

  /** Whether what is out was sent before, in vain. */
  get inVain(): boolean {
    return this.#resends > 0;
  }

  add(lastSeq: number, nowMs: number): void {
    this.#sent.push({ lastSeq, sentMs: nowMs });
  }

  /** Everything through `seq` arrived. */
  settle(seq: number, nowMs: number): void {
    const settled = this.#sent.filter((one) => one.lastSeq <= seq);
    this.#sent = this.#sent.filter((one) => one.lastSeq > seq);
    for (const { sentMs } of settled) {
      const took = nowMs - sentMs;
      this.#ackMs = this.#ackMs === null ? took : this.#ackMs * 0.8 + took * 0.2;
    }
    // Progress: what is still out gets its full time again.
    if (settled.length === 0) return;
    this.#resends = 0;
    for (const one of this.#sent) one.sentMs = nowMs;
  }

  clear(): void {
    this.#sent = [];
  }

  /** Nothing was answered in time: all of it goes again. */
  resend(): void {
    this.#sent = [];
    this.#resends += 1;
  }

  /** When to give up waiting, ms on the caller's clock; `null` with nothing out. */
  resendAtMs(): number | null {
    const oldest = this.#sent[0];
    if (oldest === undefined) return null;
    const { minResendMs, maxResendMs } = this.#limits;
    const wait = Math.max(minResendMs, (this.#ackMs ?? 0) * 4) * 2 ** this.#resends;
    return oldest.sentMs + Math.min(maxResendMs, wait);
  }
}
