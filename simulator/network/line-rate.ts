/** One direction of a slow wire, which all of its connections share: a bit goes after the other. */

const BITS_PER_BYTE = 8;
/** A long parcel goes in pieces of this length in time, so that others come in between. */
const PIECE_MS = 50;

export class LineRate {
  #freeAtMs = 0;

  /** When the line is free for another parcel, ms. */
  get freeAtMs(): number {
    return this.#freeAtMs;
  }

  /** The longest piece that is sent in one go, in bytes. */
  static pieceBytes(bitsPerSecond: number): number {
    return Math.max(1, Math.floor((bitsPerSecond * PIECE_MS) / 1000 / BITS_PER_BYTE));
  }

  /** Sends a piece now. @returns when its last bit is on its way, ms. */
  send(bytes: number, bitsPerSecond: number, nowMs: number): number {
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + (bytes * BITS_PER_BYTE * 1000) / bitsPerSecond;
    return this.#freeAtMs;
  }

  /** The line is another one now: what it was busy with counts no more. */
  forget(): void {
    this.#freeAtMs = 0;
  }
}
