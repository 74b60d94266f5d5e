/**
 * A wire that can fail: it listens where one program connects, and passes every byte to where the other listens.
 * Neither of them knows of it. A further fault is a further field of the conditions and a line in `OneWay`.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { LineRate } from './line-rate.js';
import { GOOD_CONDITIONS, type LinkConditions } from './link-conditions.js';
import { OneWay } from './one-way.js';

export interface FaultyLinkOptions {
  /** Where what is at the other end of the wire listens, on the loopback. */
  readonly targetPort: number;
  /** Where this listens; 0 or nothing takes a free one. */
  readonly port?: number;
}

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  readonly ways: readonly OneWay[];
}

const LOOPBACK = '127.0.0.1';

export class FaultyLink {
  readonly #options: FaultyLinkOptions;
  readonly #connections = new Set<Connection>();
  readonly #lines = { there: new LineRate(), back: new LineRate() };
  #conditions: LinkConditions = GOOD_CONDITIONS;
  #lostBytes = 0;
  #server: Server | undefined;

  constructor(options: FaultyLinkOptions) {
    this.#options = options;
  }

  /** Listens. @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    // Half open: an end that is said must travel like a byte, and not close the way back.
    const server = createServer({ allowHalfOpen: true }, (near) => this.#join(near));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port ?? 0, LOOPBACK, () => {
        server.off('error', reject);
        const address = server.address();
        resolve({ port: typeof address === 'object' && address !== null ? address.port : 0 });
      });
    });
  }

  /** Resets every connection and listens no more. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#resetAll();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  get conditions(): LinkConditions {
    return this.#conditions;
  }

  /** How many connections it carries now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** How many bytes have vanished since the start. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Changes some conditions; the others stay. */
  change(changed: Partial<LinkConditions>): void {
    const before = this.#conditions;
    this.#conditions = { ...before, ...changed };
    if (this.#conditions.cut) return this.#resetAll();
    if (this.#conditions.bitsPerSecond !== before.bitsPerSecond)
      for (const line of [this.#lines.there, this.#lines.back]) line.forget();
    for (const { ways } of this.#connections) for (const way of ways) way.conditionsChanged();
  }

  #join(near: Socket): void {
    near.on('error', () => undefined);
    // The port stays taken while the cable is out, so that no other program gets it meanwhile.
    if (this.#conditions.cut) return void near.resetAndDestroy();
    const far = connect({ port: this.#options.targetPort, host: LOOPBACK, allowHalfOpen: true });
    far.on('error', () => undefined);
    const conditions = () => this.#conditions;
    const onLost = (bytes: number) => void (this.#lostBytes += bytes);
    const { there, back } = this.#lines;
    const ways = [
      new OneWay({ from: near, to: far, direction: 'there', line: there, conditions, onLost }),
      new OneWay({ from: far, to: near, direction: 'back', line: back, conditions, onLost }),
    ];
    const connection = { near, far, ways };
    this.#connections.add(connection);
    for (const socket of [near, far]) {
      // Small parcels at once: a lamp that lights late would look like a slow terminal.
      socket.setNoDelay(true);
      socket.on('close', () => this.#closed(connection, socket));
    }
    for (const way of ways) way.start();
  }

  /**
   * A socket that was reset, or whose program died, takes its other half along; one that has ended in order is left to.
   * Where the wire has lost bytes it loses the word of the end as well: the other half stays open, and waits.
   */
  #closed(connection: Connection, socket: Socket): void {
    const other = socket === connection.near ? connection.far : connection.near;
    const way = connection.ways[socket === connection.near ? 0 : 1];
    if (!socket.readableEnded && way?.carriesWord === true) other.resetAndDestroy();
    if (!connection.near.destroyed || !connection.far.destroyed) return;
    for (const way of connection.ways) way.stop();
    this.#connections.delete(connection);
  }

  #resetAll(): void {
    for (const { near, far, ways } of [...this.#connections]) {
      for (const way of ways) way.stop();
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }
}
