/** Stands between the page and the terminal, and can be cut. The terminal takes calls under its own address only. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

export class CuttableWire {
  readonly #to: number;
  #server: Server | undefined;
  #port = 0;

  constructor(to: number) {
    this.#to = to;
  }

  /** @returns its port, the same after every cut. */
  async start(): Promise<number> {
    const server = createServer((incoming, answer) => {
      const own = `${LOOPBACK}:${this.#to}`;
      const { host: _host, origin, ...headers } = incoming.headers;
      const onward = request(
        {
          host: LOOPBACK,
          port: this.#to,
          method: incoming.method,
          path: incoming.url,
          headers: { ...headers, host: own, ...(origin === undefined ? {} : { origin: `http://${own}` }) },
        },
        (response) => {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
          response.on('error', () => answer.destroy());
        },
      );
      onward.on('error', () => answer.destroy());
      answer.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, LOOPBACK, resolve));
    this.#port = (server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Everything under way breaks; nothing connects any more. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}
