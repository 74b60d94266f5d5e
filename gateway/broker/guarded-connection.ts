/**
 * A peer's socket as the broker sees it: whole packets of bounded size, no faster than may be, nothing but CONNECT
 * before the peer was accepted, and never more waiting for it than it may leave unread.
 *
 * What aedes writes never has to wait for a `drain`: it would keep one of the places that all deliveries share, and
 * a hundred messages for one peer that reads nothing would stop everybody's.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { isPjqError, PjqError } from '../../protocol/index.js';
import type { BrokerLimits } from './broker-limits.js';
import { PacketGate, type WirePacket } from './packet-gate.js';
import type { PeerInflow } from './peer-inflow.js';

export interface GuardedConnectionParts {
  readonly socket: Socket;
  readonly limits: BrokerLimits;
  readonly monoMs: () => number;
  /** The peer says more than is taken and has to wait. */
  readonly onSlowed: (connection: GuardedConnection) => void;
}

export class GuardedConnection extends Duplex {
  readonly socket: Socket;
  readonly address: string;
  /** Under which it was accepted. */
  terminal: string | undefined;
  readonly #limits: BrokerLimits;
  readonly #monoMs: () => number;
  readonly #onSlowed: (connection: GuardedConnection) => void;
  readonly #gate: PacketGate;
  /** Of the terminal as which it was accepted; none before. */
  #inflow: PeerInflow | undefined;
  readonly #openedMs: number;
  #connectPassed = false;
  #wanted = false;
  #waiting: WirePacket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #heardMs: number;
  #packetSinceMs: number | null = null;
  #readSinceMs: number;
  #readBytes = 0;

  constructor({ socket, limits, monoMs, onSlowed }: GuardedConnectionParts) {
    super({ writableHighWaterMark: 2 * limits.maxUnreadBytes, allowHalfOpen: false });
    this.socket = socket;
    this.address = socket.remoteAddress ?? 'unknown';
    this.#limits = limits;
    this.#monoMs = monoMs;
    this.#onSlowed = onSlowed;
    this.#gate = new PacketGate(limits);
    const nowMs = monoMs();
    this.#openedMs = nowMs;
    this.#heardMs = nowMs;
    this.#readSinceMs = nowMs;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Whether it was accepted under a name. */
  get isAccepted(): boolean {
    return this.#inflow !== undefined;
  }

  /** Lets through what comes after CONNECT, as fast as this terminal may speak. */
  accept(inflow: PeerInflow): void {
    this.#inflow = inflow;
    this.#flow();
  }

  /** An ack for this peer goes out. */
  answered(wasRefused: boolean): void {
    this.#inflow?.answered(wasRefused, this.#monoMs());
    if (this.#timer !== undefined) this.#flow();
  }

  /** Cuts the peer off where it took too long. To be called now and then. */
  look(nowMs: number): void {
    const { connectTimeoutMs, packetTimeoutMs, idleTimeoutMs, unreadTimeoutMs } = this.#limits;
    const gone = this.socket.bytesWritten - this.socket.writableLength;
    if (this.socket.writableLength === 0 || gone !== this.#readBytes) this.#readSinceMs = nowMs;
    this.#readBytes = gone;
    const late = (sinceMs: number, mostMs: number) => nowMs - sinceMs > mostMs;
    if (!this.isAccepted && late(this.#openedMs, connectTimeoutMs)) this.#cut(`no CONNECT in ${connectTimeoutMs} ms`);
    else if (this.#packetSinceMs !== null && late(this.#packetSinceMs, packetTimeoutMs))
      this.#cut(`a packet that did not end in ${packetTimeoutMs} ms`);
    else if (late(this.#readSinceMs, unreadTimeoutMs)) this.#cut(`nothing was read in ${unreadTimeoutMs} ms`);
    else if (this.#waiting === null && late(this.#heardMs, idleTimeoutMs))
      this.#cut(`nothing was said in ${idleTimeoutMs} ms`);
  }

  override _read(): void {
    this.#wanted = true;
    this.#flow();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk]);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(chunks.map(({ chunk }) => chunk));
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
    this.socket.destroy();
    done(error);
  }

  #cut(detail: string): void {
    this.destroy(new PjqError('peer-too-slow', detail));
  }

  #send(chunks: readonly Buffer[]): void {
    const { socket } = this;
    if (socket.destroyed) return;
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.uncork();
    const { maxUnreadBytes } = this.#limits;
    if (socket.writableLength > maxUnreadBytes) this.#cut(`more than ${maxUnreadBytes} bytes were not read`);
  }

  #take(chunk: Buffer): void {
    this.#heardMs = this.#monoMs();
    this.#gate.push(chunk);
    this.#flow();
  }

  /** Passes on what may pass; what may not stays in the socket, which is paused meanwhile. */
  #flow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.destroyed) return;
    try {
      while (this.#wanted && (this.#waiting ??= this.#gate.next()) !== null) {
        if (!this.#mayPass(this.#waiting)) break;
        const { bytes } = this.#waiting;
        this.#waiting = null;
        this.#wanted = this.push(bytes);
      }
    } catch (error) {
      if (!isPjqError(error)) throw error;
      this.destroy(error);
      return;
    }
    this.#packetSinceMs = this.#gate.isWithinPacket ? (this.#packetSinceMs ?? this.#heardMs) : null;
    if (this.#wanted && this.#waiting === null) this.socket.resume();
    else this.socket.pause();
  }

  #mayPass(packet: WirePacket): boolean {
    const inflow = this.#inflow;
    if (inflow === undefined) {
      const isConnect = packet.kind === 'connect' && !this.#connectPassed;
      this.#connectPassed ||= isConnect;
      return isConnect;
    }
    const nowMs = this.#monoMs();
    const waitMs = inflow.waitMs(packet, nowMs);
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#flow(), waitMs);
      this.#onSlowed(this);
      return false;
    }
    inflow.took(packet, nowMs);
    return true;
  }
}
