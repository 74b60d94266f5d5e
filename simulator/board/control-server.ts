/**
 * The hand on a virtual counter, over HTTP on the loopback.
 *
 * POST /press {"level":1..5,"holdMs"?:120} moves the key down and up. 200 {"accepted":true} when the accepted lamp
 * was seen going on after the key moved; 504 {"accepted":false,"reason":"no-lamp"} when it was not in time.
 * POST /key {"level","down"} leaves the key there · POST /chord {"levels":[a,b],"holdMs"?:120} two at once ·
 * POST /bounce {"on","edges"?:6,"spreadMs"?:5} from now on every edge bounces · POST /garbage {"length"?:32,"seed"?:1}
 * noise to the terminal · POST /stall {"on"} hangs: connected, nothing read or said · POST /reset · POST /drop (cuts the
 * cable) · GET /lamps · GET /healthz · GET /state {client, stalled, bouncing, heldKeys}
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isPjqError, PjqError } from '../../protocol/index.js';
import { readJsonBody } from '../process/read-json-body.js';
import { BenchHand } from './bench-hand.js';
import { controlRoutes, type ControlAnswer, type ControlRoute } from './control-routes.js';
import type { VirtualBoard } from './virtual-board.js';

export interface ControlServerOptions {
  readonly board: VirtualBoard;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long the accepted lamp is waited for, ms. */
  readonly lampTimeoutMs?: number;
}

const MOST_BODY_BYTES = 1_024;

export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #hand: BenchHand;
  readonly #routes: Readonly<Record<string, ControlRoute>>;
  #server: Server | undefined;

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#hand = new BenchHand(options);
    this.#routes = controlRoutes(options.board, this.#hand);
  }

  /** @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    const server = createServer((request, response) => {
      this.#answer(request).then(
        ({ status, body }) => send(response, status, body),
        (error: unknown) => {
          const known = isPjqError(error) ? error : new PjqError('internal', undefined, { cause: error });
          send(response, known.status, { code: known.code, detail: known.message });
        },
      );
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        resolve({ port: typeof address === 'object' && address !== null ? address.port : 0 });
      });
    });
  }

  async stop(): Promise<void> {
    this.#hand.stop();
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage): Promise<ControlAnswer> {
    const key = `${request.method ?? ''} ${request.url ?? ''}`;
    const route = Object.hasOwn(this.#routes, key) ? this.#routes[key] : undefined;
    if (!route) throw new PjqError('route-unknown');
    return await route((schema) => readJsonBody(request, schema, MOST_BODY_BYTES));
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
