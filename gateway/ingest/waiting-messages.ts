/**
 * Messages that wait for their transaction: fair between terminals, bounded in memory. Each terminal's messages stay
 * in order; between terminals the one comes first that would then have been given the least (fair queueing by bytes), so
 * that the single press of a terminal at work passes the backlogs of a whole hall, and no backlog starves another.
 */

export interface WaitingLimits {
  /** Bytes that wait in all. */
  readonly totalBytes: number;
  /** Bytes of one terminal that wait; more than its window of batches. */
  readonly terminalBytes: number;
}

export interface GroupLimits {
  readonly messages: number;
  readonly bytes: number;
}

interface Waiting<M> {
  readonly message: M;
  readonly bytes: number;
}

interface Line<M> {
  readonly messages: Waiting<M>[];
  bytes: number;
  /** What this terminal has been given, on the scale of `#served`. */
  given: number;
}

/** What a message costs apart from its bytes: a short one is not free. */
const MESSAGE_BYTES = 200;

export class WaitingMessages<M> {
  readonly #limits: WaitingLimits;
  readonly #lines = new Map<string, Line<M>>();
  #bytes = 0;
  #total = 0;
  /** Share of whoever was served last: who comes anew starts here, and cannot save up turns by having been silent. */
  #served = 0;

  constructor(limits: WaitingLimits) {
    this.#limits = limits;
  }

  /** Messages that wait. */
  get total(): number {
    return this.#total;
  }

  /** @returns false where there is no room: whoever sent it sends it again. */
  push(terminal: string, message: M, payloadBytes: number): boolean {
    const bytes = payloadBytes + MESSAGE_BYTES;
    let line = this.#lines.get(terminal);
    if (this.#bytes + bytes > this.#limits.totalBytes) return false;
    if (line !== undefined && line.bytes + bytes > this.#limits.terminalBytes) return false;
    if (line === undefined) this.#lines.set(terminal, (line = { messages: [], bytes: 0, given: this.#served }));
    else if (line.messages.length === 0) line.given = Math.max(line.given, this.#served);
    line.messages.push({ message, bytes });
    line.bytes += bytes;
    this.#bytes += bytes;
    this.#total += 1;
    return true;
  }

  /** Takes the next group: at least one message if any waits. */
  take(limits: GroupLimits): M[] {
    const group: M[] = [];
    let bytes = 0;
    while (group.length < limits.messages) {
      const line = this.#next();
      const first = line?.messages[0];
      if (line === undefined || first === undefined) break;
      if (group.length > 0 && bytes + first.bytes > limits.bytes) break;
      line.messages.shift();
      this.#served = line.given;
      line.given += first.bytes;
      line.bytes -= first.bytes;
      this.#bytes -= first.bytes;
      this.#total -= 1;
      bytes += first.bytes;
      group.push(first.message);
    }
    if (this.#total === 0) this.clear();
    return group;
  }

  clear(): void {
    this.#lines.clear();
    this.#bytes = 0;
    this.#total = 0;
    this.#served = 0;
  }

  #next(): Line<M> | undefined {
    let next: Line<M> | undefined;
    let least = Infinity;
    for (const line of this.#lines.values()) {
      const first = line.messages[0];
      if (first === undefined || line.given + first.bytes >= least) continue;
      least = line.given + first.bytes;
      next = line;
    }
    return next;
  }
}
