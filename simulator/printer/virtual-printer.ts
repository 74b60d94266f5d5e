/**
 * The printer's network port (9100 on real ones). One client at a time: who comes meanwhile is let in by the system
 * and waits, unread and unanswered, until the one before has gone; so do most printers.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Mechanism, Sender } from './mechanism.js';

export interface VirtualPrinterOptions {
  readonly mechanism: Mechanism;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
}

/** What a printer that cannot print holds; then it stops reading, and TCP stops the sender. */
export const MOST_HELD_BYTES = 64 * 1024;

/** Answers that a hanging printer remembers. */
const MOST_UNSAID = 64;

export class VirtualPrinter {
  readonly #options: VirtualPrinterOptions;
  #server: Server | undefined;
  #client: (Sender & { readonly socket: Socket }) | undefined;
  #waiting: Socket[] = [];
  #stalled = false;
  /** What it would have said while it hung. */
  #unsaid: Uint8Array[] = [];

  constructor(options: VirtualPrinterOptions) {
    this.#options = options;
  }

  get hasClient(): boolean {
    return this.#client !== undefined;
  }

  /** Clients that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Listens. @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    const server = createServer({ pauseOnConnect: true }, (socket) => this.#arrive(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port ?? 0, this.#options.host ?? '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        resolve({ port: typeof address === 'object' && address !== null ? address.port : 0 });
      });
    });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    this.#client?.socket.destroy();
    await closed;
  }

  /** Cuts the cable: the client's connection is reset. The printer keeps its power, its paper and what it holds. */
  drop(): void {
    this.#client?.socket.resetAndDestroy();
  }

  get isStalled(): boolean {
    return this.#stalled;
  }

  /** It hangs: the connection stays, and nothing is read or said; afterwards it goes on where it was. */
  stall(on: boolean): void {
    this.#stalled = on;
    if (on) return void this.#client?.socket.pause();
    for (const bytes of this.#unsaid.splice(0)) this.#client?.send(bytes);
    this.resume();
  }

  /** Says bytes of its own accord, whatever they mean. @returns whether anybody listens. */
  say(bytes: Uint8Array): boolean {
    this.#client?.send(bytes);
    return this.#client !== undefined;
  }

  /** To be called when the mechanism may have gone on: reading goes on with it. */
  resume(): void {
    if (this.#mayRead()) this.#client?.socket.resume();
  }

  #arrive(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#gone(socket));
    this.#waiting.push(socket);
    this.#serveNext();
  }

  #serveNext(): void {
    if (this.#client) return;
    const socket = this.#waiting.shift();
    if (!socket) return;
    const send = (bytes: Uint8Array) => {
      if (this.#stalled) this.#unsaid = [...this.#unsaid, bytes].slice(-MOST_UNSAID);
      else if (socket.writable) socket.write(bytes);
    };
    const client = { socket, send };
    this.#client = client;
    socket.on('data', (bytes: Buffer) => {
      this.#options.mechanism.receive(bytes, client);
      if (!this.#mayRead()) socket.pause();
    });
    this.resume();
  }

  #gone(socket: Socket): void {
    this.#waiting = this.#waiting.filter((other) => other !== socket);
    const client = this.#client;
    if (client?.socket !== socket) return;
    this.#client = undefined;
    this.#unsaid = [];
    this.#options.mechanism.left(client);
    this.#serveNext();
  }

  #mayRead(): boolean {
    const { mechanism } = this.#options;
    if (this.#stalled) return false;
    // While it prints, what is held is the beginning of one long command, which has to come whole.
    return mechanism.isPrinting || mechanism.heldBytes < MOST_HELD_BYTES;
  }
}
