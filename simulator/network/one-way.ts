/** One direction of one connection: what is read on one socket is written on the other, as the conditions allow. */
import type { Socket } from 'node:net';
import type { LinkConditions } from './link-conditions.js';

/** More than this on its way, and the sender is not read any more: its own buffers fill, as on a real wire. */
const MOST_WAITING_BYTES = 256 * 1024;

/** `null`: the sender has ended its side. */
interface Parcel {
  readonly dueMs: number;
  readonly bytes: Buffer | null;
}

export class OneWay {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #conditions: () => LinkConditions;
  readonly #waiting: Parcel[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #full = false;

  constructor(from: Socket, to: Socket, conditions: () => LinkConditions) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
  }

  start(): void {
    this.#from.on('data', (bytes: Buffer) => this.#take(bytes));
    this.#from.on('end', () => this.#take(null));
    this.#to.on('drain', () => {
      this.#full = false;
      this.conditionsChanged();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  /**
   * Looks again at what waits: the wire may have come back. What is on its way keeps its time of arrival, and
   * nothing overtakes it, though the latency may have become less since.
   */
  conditionsChanged(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#conditions().stalled || this.#full || this.#to.destroyed) return;
    while (!this.#full) {
      const [next] = this.#waiting;
      if (next === undefined) break;
      const waitMs = next.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.conditionsChanged(), waitMs);
        break;
      }
      this.#deliver(next);
    }
    if (this.#waitingBytes < MOST_WAITING_BYTES) this.#from.resume();
  }

  #take(bytes: Buffer | null): void {
    this.#waiting.push({ dueMs: performance.now() + this.#conditions().latencyMs, bytes });
    this.#waitingBytes += bytes?.length ?? 0;
    if (this.#waitingBytes >= MOST_WAITING_BYTES) this.#from.pause();
    this.conditionsChanged();
  }

  #deliver({ bytes }: Parcel): void {
    this.#waiting.shift();
    if (bytes === null) {
      this.#to.end();
      return;
    }
    this.#waitingBytes -= bytes.length;
    this.#full = !this.#to.write(bytes);
  }
}
