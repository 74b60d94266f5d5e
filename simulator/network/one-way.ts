/** One direction of one connection: what is read on one socket is written on the other, as the conditions allow. */
import type { Socket } from 'node:net';
import { LineRate } from './line-rate.js';
import type { LinkConditions } from './link-conditions.js';

/** More than this not delivered, and the sender is not read any more: its own buffers fill, as on a real wire. */
const MOST_WAITING_BYTES = 256 * 1024;
/** A slow line's own buffer is no longer than this many seconds of it, though never shorter than a parcel or two. */
const SLOW_BUFFER_SECONDS = 2;
const SLOW_BUFFER_BYTES = 3_000;

/** `null`: the sender has ended its side. */
interface Parcel {
  readonly dueMs: number;
  readonly bytes: Buffer | null;
}

export interface OneWayOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: 'there' | 'back';
  /** Of this direction of the wire; its connections share it. */
  readonly line: LineRate;
  readonly conditions: () => LinkConditions;
  readonly onLost: (bytes: number) => void;
}

export class OneWay {
  readonly #options: OneWayOptions;
  /** Not on the line yet: it is busy. */
  #unsent: (Buffer | null)[] = [];
  /** On its way, and when it is there. */
  #travelling: Parcel[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #full = false;
  #dead = false;

  constructor(options: OneWayOptions) {
    this.#options = options;
  }

  /** Whether the other side would hear of a reset: not where something was lost, or would be. */
  get carriesWord(): boolean {
    return !this.#vanishes();
  }

  start(): void {
    const { from, to } = this.#options;
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    from.on('end', () => this.#take(null));
    to.on('drain', () => {
      this.#full = false;
      this.conditionsChanged();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#unsent = [];
    this.#travelling = [];
  }

  /**
   * Looks again at what waits: the wire may have come back. What is on its way keeps its time of arrival, and
   * nothing overtakes it, though the wire may have become quicker since.
   */
  conditionsChanged(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { from, to, conditions } = this.#options;
    if (this.#vanishes() && (this.#unsent.length > 0 || this.#travelling.length > 0)) this.#lose();
    if (conditions().stalled || this.#full || to.destroyed) return;
    const sentMs = this.#send();
    const arrivedMs = this.#arrive();
    const nextMs = Math.min(sentMs ?? Infinity, arrivedMs ?? Infinity);
    if (nextMs !== Infinity && !this.#full)
      this.#timer = setTimeout(() => this.conditionsChanged(), Math.max(0, nextMs - performance.now()));
    if (this.#waitingBytes < this.#mostWaitingBytes()) from.resume();
  }

  #take(bytes: Buffer | null): void {
    this.#waitingBytes += bytes?.length ?? 0;
    if (this.#vanishes()) return this.#lose();
    this.#unsent.push(bytes);
    if (this.#waitingBytes >= this.#mostWaitingBytes()) this.#options.from.pause();
    this.conditionsChanged();
  }

  #vanishes(): boolean {
    const { vanishing } = this.#options.conditions();
    return this.#dead || vanishing === 'both' || vanishing === this.#options.direction;
  }

  #lose(): void {
    this.#dead = true;
    this.stop();
    this.#options.onLost(this.#waitingBytes);
    this.#waitingBytes = 0;
    // Read on, into nowhere: the sender must not learn of it by a buffer that stays full.
    this.#options.from.resume();
  }

  /** Puts on the line what it takes now. @returns when it takes more, ms; `null` with nothing left. */
  #send(): number | null {
    const { line, conditions } = this.#options;
    const { latencyMs, bitsPerSecond } = conditions();
    for (;;) {
      const [next] = this.#unsent;
      if (next === undefined) return null;
      const nowMs = performance.now();
      if (bitsPerSecond === null || next === null) {
        this.#unsent.shift();
        this.#travelling.push({ dueMs: nowMs + latencyMs, bytes: next });
        continue;
      }
      if (line.freeAtMs > nowMs) return line.freeAtMs;
      const piece = next.subarray(0, LineRate.pieceBytes(bitsPerSecond));
      if (piece.length < next.length) this.#unsent[0] = next.subarray(piece.length);
      else this.#unsent.shift();
      this.#travelling.push({ dueMs: line.send(piece.length, bitsPerSecond, nowMs) + latencyMs, bytes: piece });
    }
  }

  /** Delivers what is there. @returns when the next is, ms; `null` with nothing on its way. */
  #arrive(): number | null {
    while (!this.#full) {
      const [next] = this.#travelling;
      if (next === undefined) return null;
      if (next.dueMs > performance.now()) return next.dueMs;
      this.#travelling.shift();
      this.#deliver(next);
    }
    return null;
  }

  #deliver({ bytes }: Parcel): void {
    const { to } = this.#options;
    if (bytes === null) {
      to.end();
      return;
    }
    this.#waitingBytes -= bytes.length;
    this.#full = !to.write(bytes);
  }

  #mostWaitingBytes(): number {
    const { bitsPerSecond } = this.#options.conditions();
    if (bitsPerSecond === null) return MOST_WAITING_BYTES;
    return Math.min(MOST_WAITING_BYTES, Math.max(SLOW_BUFFER_BYTES, (bitsPerSecond / 8) * SLOW_BUFFER_SECONDS));
  }
}
