/** Who may connect: so many at once, so many strangers, so often by address and by name. */
import type { Socket } from 'node:net';
import { PjqError } from '../../protocol/index.js';
import type { BrokerLimits } from './broker-limits.js';
import { NamedBuckets } from '../peers/named-buckets.js';

export interface ConnectionDoorParts {
  readonly limits: BrokerLimits;
  readonly monoMs: () => number;
  readonly onRefused: (address: string, error: PjqError) => void;
}

export class ConnectionDoor {
  readonly #parts: ConnectionDoorParts;
  readonly #connections: NamedBuckets;
  readonly #refusedConnects: NamedBuckets;
  readonly #connects: NamedBuckets;
  readonly #inside = new Set<string>();
  /** Sockets that were not accepted under a name yet, the oldest first. */
  readonly #strangers = new Map<string, { readonly socket: Socket; readonly address: string }>();

  constructor(parts: ConnectionDoorParts) {
    this.#parts = parts;
    this.#connections = new NamedBuckets(parts.limits.connections);
    this.#refusedConnects = new NamedBuckets(parts.limits.refusedConnects);
    this.#connects = new NamedBuckets(parts.limits.connects);
  }

  get total(): number {
    return this.#inside.size;
  }

  /** A socket as it was taken from the system, before TLS. @returns false: it was closed. */
  admit(socket: Socket): boolean {
    const { limits, monoMs } = this.#parts;
    socket.on('error', () => undefined);
    const { remoteAddress: address } = socket;
    if (address === undefined) {
      socket.destroy(); // gone again before it was looked at
      return false;
    }
    if (!this.#connections.allows(address, monoMs())) return this.#close(socket, address, 'connects too often');
    if (this.#inside.size >= limits.maxConnections)
      return this.#close(socket, address, `more than ${limits.maxConnections} connections`);
    const key = keyOf(socket);
    this.#inside.add(key);
    this.#strangers.set(key, { socket, address });
    socket.once('close', () => {
      this.#inside.delete(key);
      this.#strangers.delete(key);
    });
    // The oldest, not the newest: a terminal of ours is a stranger for some milliseconds only.
    const [oldest] = this.#strangers;
    if (this.#strangers.size > limits.maxStrangers && oldest !== undefined) {
      this.#strangers.delete(oldest[0]);
      this.#close(oldest[1].socket, oldest[1].address, `more than ${limits.maxStrangers} that do not say who they are`);
    }
    return true;
  }

  /** This peer was accepted under a name. */
  accepted(socket: Socket): void {
    this.#strangers.delete(keyOf(socket));
  }

  /** Whether it may be looked up who this is: unknown names are paid for by their address, known ones by the name. */
  mayAsk(address: string, terminal: string): boolean {
    const nowMs = this.#parts.monoMs();
    if (this.#connects.has(terminal)) return !this.#connects.isSpent(terminal, nowMs);
    return !this.#refusedConnects.isSpent(address, nowMs);
  }

  /** A CONNECT under a registered name. */
  knownConnect(terminal: string): void {
    this.#connects.allows(terminal, this.#parts.monoMs());
  }

  /** A CONNECT under a name that is nobody's. */
  unknownConnect(address: string): void {
    this.#refusedConnects.allows(address, this.#parts.monoMs());
  }

  #close(socket: Socket, address: string, detail: string): false {
    socket.destroy();
    this.#parts.onRefused(address, new PjqError('peer-too-fast', detail));
    return false;
  }
}

/** The same for a raw socket and for the TLS socket on it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
