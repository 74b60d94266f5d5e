/**
 * The finger on a virtual counter, over HTTP on the loopback.
 *
 * POST /press {"level":1..5,"holdMs"?:120} moves the key down and up. 200 {"accepted":true} when the accepted lamp
 * was seen going on after the key moved; 504 {"accepted":false,"reason":"no-lamp"} when it was not in time.
 * GET /lamps · POST /drop (cuts the cable) · GET /healthz
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { isPjqError, levelSchema, PjqError } from '../../protocol/index.js';
import { readJsonBody } from '../process/read-json-body.js';
import type { VirtualBoard } from './virtual-board.js';

export interface ControlServerOptions {
  readonly board: VirtualBoard;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long the accepted lamp is waited for, ms. */
  readonly lampTimeoutMs?: number;
}

const pressSchema = z.strictObject({ level: levelSchema, holdMs: z.int().min(1).max(60_000).default(120) });

const LAMP_TIMEOUT_MS = 3_000;
const MOST_BODY_BYTES = 1_024;
/** Between two presses the finger needs a moment; closer together they could make a chord. */
const FINGER_MS = 30;

export class ControlServer {
  readonly #options: ControlServerOptions;
  #server: Server | undefined;
  /** There is one finger: presses queue up behind each other. */
  #finger: Promise<void> = Promise.resolve();

  constructor(options: ControlServerOptions) {
    this.#options = options;
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
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { board } = this.#options;
    switch (`${request.method ?? ''} ${request.url ?? ''}`) {
      case 'GET /healthz':
        return { status: 200, body: { ok: true, client: board.hasClient } };
      case 'GET /lamps':
        return { status: 200, body: board.lamps() };
      case 'POST /drop':
        board.dropClient();
        return { status: 200, body: { dropped: true } };
      case 'POST /press': {
        const press = await readJsonBody(request, pressSchema, MOST_BODY_BYTES);
        const accepted = await this.#press(press);
        return accepted ? { status: 200, body: { accepted } } : { status: 504, body: { accepted, reason: 'no-lamp' } };
      }
      default:
        throw new PjqError('route-unknown');
    }
  }

  #press(press: z.infer<typeof pressSchema>): Promise<boolean> {
    const turn = this.#finger.then(() => this.#move(press));
    this.#finger = turn.then(({ idle }) => idle);
    return turn.then(({ accepted }) => accepted);
  }

  #move({ level, holdMs }: z.infer<typeof pressSchema>): { accepted: Promise<boolean>; idle: Promise<void> } {
    const { board, lampTimeoutMs = LAMP_TIMEOUT_MS } = this.#options;
    const accepted = lampGoesOn(board, lampTimeoutMs);
    board.press(level);
    const up = wait(holdMs).then(() => board.release(level));
    // Idle once the key is up and this press is decided, so that no lamp is taken for another press's.
    return { accepted, idle: Promise.all([up, accepted]).then(() => wait(FINGER_MS)) };
  }
}

/** Whether the accepted lamp goes from dark to lit within the time; one that is lit already does not count. */
function lampGoesOn(board: VirtualBoard, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const decide = (accepted: boolean) => {
      clearTimeout(timer);
      stopListening();
      resolve(accepted);
    };
    const timer = setTimeout(() => decide(false), timeoutMs);
    const stopListening = board.onLamp((lamp, lit) => {
      if (lamp === 'accepted' && lit) decide(true);
    });
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
