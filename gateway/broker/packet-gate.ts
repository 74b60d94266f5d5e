/**
 * Lets only whole MQTT control packets of a bounded size pass to the broker.
 *
 * aedes and mqtt-packet collect a packet up to its stated length, 256 MiB if that is what the header says. Here
 * the fixed header is judged as soon as it is there, so that nobody fills the memory with a packet that never ends.
 * Source: MQTT 3.1.1, section 2.2 (fixed header), 3.1.0-1 (CONNECT comes first).
 */
import { MAX_BATCH_WIRE_BYTES, MAX_MESSAGE_BYTES, PjqError } from '../../protocol/index.js';

/** The kinds that a broker treats differently. */
export type PacketKind = 'connect' | 'log' | 'puback' | 'other';

export interface WirePacket {
  readonly kind: PacketKind;
  /** The whole packet, fixed header first. */
  readonly bytes: Buffer;
  /** What it was on the wire, with what was thrown away. */
  readonly wireBytes: number;
}

const CONNECT = 1;
const PUBLISH = 3;
const PUBACK = 4;
/** What a client may say, section 2.2.1; CONNECT once, and first. */
const OF_CLIENTS: ReadonlySet<number> = new Set([PUBLISH, PUBACK, 5, 6, 7, 8, 10, 12, 14]);
/** The last will is the largest part of it, and that is a message. */
export const MAX_CONNECT_BYTES = MAX_MESSAGE_BYTES + 1024;
/** SUBSCRIBE with every topic that a terminal may read fits many times. */
export const MAX_CONTROL_BYTES = 4 * 1024;
/** What is kept of a PUBLISH: enough to show that its payload is too large, whatever the length of its topic. */
const KEPT_PUBLISH_BYTES = MAX_BATCH_WIRE_BYTES + 1024;
const FIRST_ROOM_BYTES = 1024;

/** A packet of which the rest has still to come. */
interface Unfinished {
  readonly type: number;
  readonly headBytes: number;
  readonly totalBytes: number;
  readonly wireBytes: number;
  /** Bytes behind `totalBytes` that are thrown away as they come. */
  skipBytes: number;
  room: Buffer;
  haveBytes: number;
}

export class PacketGate {
  readonly #maxPublishBytes: number;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The fixed header as far as it has come. */
  #head: number[] = [];
  #unfinished: Unfinished | null = null;
  #isFirst = true;

  constructor({ maxPublishBytes }: { readonly maxPublishBytes: number }) {
    this.#maxPublishBytes = maxPublishBytes;
  }

  /** Whether a packet has begun and not ended. */
  get isWithinPacket(): boolean {
    return this.#unfinished !== null || this.#head.length > 0;
  }

  /** Bytes that are kept for a packet that has not ended; bounded by the largest packet. */
  get keptBytes(): number {
    return this.#unfinished?.room.length ?? 0;
  }

  /** Takes the next bytes. Everything that was pushed before must have been read by `next`. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /**
   * The next whole packet; `null` when more bytes are needed. A PUBLISH that is too large comes cut to a length
   * that is still too large, so that it is refused with an answer.
   * @throws PjqError `message-malformed`, `message-too-large`: the connection is finished.
   */
  next(): WirePacket | null {
    const startsAt = this.#at;
    const isWhole = this.#head.length === 0;
    this.#unfinished ??= this.#readHead();
    const packet = this.#unfinished;
    if (packet === null) return null;
    if (isWhole && packet.haveBytes === packet.headBytes && packet.skipBytes === 0) {
      // The usual case: all of it is in this chunk, and nothing is copied.
      const end = startsAt + packet.totalBytes;
      if (this.#at === startsAt + packet.headBytes && end <= this.#chunk.length) {
        this.#at = end;
        return this.#finish(packet, this.#chunk.subarray(startsAt, end));
      }
    }
    this.#collect(packet);
    if (packet.haveBytes < packet.totalBytes || packet.skipBytes > 0) return null;
    return this.#finish(packet, packet.room.subarray(0, packet.totalBytes));
  }

  #finish({ type, headBytes, wireBytes }: Unfinished, bytes: Buffer): WirePacket {
    this.#unfinished = null;
    return { kind: kindOf(type, headBytes, bytes), bytes, wireBytes };
  }

  #collect(packet: Unfinished): void {
    const wanted = Math.min(packet.totalBytes - packet.haveBytes, this.#chunk.length - this.#at);
    if (packet.haveBytes + wanted > packet.room.length) {
      const roomBytes = Math.min(packet.totalBytes, Math.max(packet.haveBytes + wanted, packet.room.length * 2));
      const room = Buffer.alloc(roomBytes);
      packet.room.copy(room, 0, 0, packet.haveBytes);
      packet.room = room;
    }
    this.#chunk.copy(packet.room, packet.haveBytes, this.#at, this.#at + wanted);
    packet.haveBytes += wanted;
    this.#at += wanted;
    if (packet.haveBytes < packet.totalBytes) return;
    const skipped = Math.min(packet.skipBytes, this.#chunk.length - this.#at);
    packet.skipBytes -= skipped;
    this.#at += skipped;
  }

  #readHead(): Unfinished | null {
    const head = this.#head;
    while (this.#at < this.#chunk.length) {
      head.push(this.#chunk[this.#at] as number);
      this.#at += 1;
      if (head.length === 1) this.#checkType((head[0] as number) >> 4);
      else if (((head.at(-1) as number) & 0x80) === 0) return this.#begin();
      else if (head.length === 5) throw new PjqError('message-malformed', 'a packet without a length');
    }
    return null;
  }

  #checkType(type: number): void {
    if (this.#isFirst && type !== CONNECT) throw new PjqError('message-malformed', 'the first packet is no CONNECT');
    if (!this.#isFirst && !OF_CLIENTS.has(type)) throw new PjqError('message-malformed', `a packet of type ${type}`);
    this.#isFirst = false;
  }

  #begin(): Unfinished {
    const head = this.#head;
    this.#head = [];
    const type = (head[0] as number) >> 4;
    const lengthBytes = head.slice(1).reduce((sum, byte, place) => sum + (byte & 0x7f) * 128 ** place, 0);
    const most = type === PUBLISH ? this.#maxPublishBytes : type === CONNECT ? MAX_CONNECT_BYTES : MAX_CONTROL_BYTES;
    if (lengthBytes > most) throw new PjqError('message-too-large', `a packet of ${lengthBytes} bytes`);
    const kept = type === PUBLISH ? Math.min(lengthBytes, KEPT_PUBLISH_BYTES) : lengthBytes;
    const fixed = kept === lengthBytes ? head : [head[0] as number, ...lengthOf(kept)];
    const room = Buffer.alloc(Math.min(fixed.length + kept, FIRST_ROOM_BYTES));
    room.set(fixed);
    return {
      type,
      headBytes: fixed.length,
      totalBytes: fixed.length + kept,
      wireBytes: head.length + lengthBytes,
      skipBytes: lengthBytes - kept,
      room,
      haveBytes: fixed.length,
    };
  }
}

function kindOf(type: number, headBytes: number, bytes: Buffer): PacketKind {
  if (type === CONNECT) return 'connect';
  if (type === PUBACK) return 'puback';
  if (type !== PUBLISH || bytes.length < headBytes + 2) return 'other';
  const topicEnd = headBytes + 2 + bytes.readUInt16BE(headBytes);
  return topicEnd <= bytes.length &&
    bytes.toString('latin1', Math.max(headBytes + 2, topicEnd - 4), topicEnd) === '/log'
    ? 'log'
    : 'other';
}

/** Remaining length, section 2.2.3. */
function lengthOf(bytes: number): number[] {
  const low = bytes % 128;
  const rest = Math.floor(bytes / 128);
  return rest === 0 ? [low] : [low | 0x80, ...lengthOf(rest)];
}
