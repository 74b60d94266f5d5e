/** A wire that keeps a copy of every byte that it carries, both ways. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class RecordingWire {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  readonly #chunks: Buffer[] = [];
  #server: Server | undefined;

  /** @param target port on the loopback that it leads to. */
  constructor(target: number) {
    this.#target = target;
  }

  /** @returns the port to connect to. */
  async start(): Promise<number> {
    const server = createServer((near) => {
      const far = connect(this.#target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.setNoDelay(true);
        from.on('error', () => to.destroy());
        from.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
        from.on('close', () => this.#sockets.delete(from));
        from.pipe(to);
      }
    });
    this.#server = server;
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** All that it carried, in the order of arrival. */
  get carried(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) =>
      this.#server === undefined ? resolve() : this.#server.close(() => resolve()),
    );
  }
}
