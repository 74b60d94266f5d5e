/** The control of a virtual device: HTTP on the loopback, JSON in, JSON or a file out, problems with their code. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { z } from 'zod';
import { isPjqError, PjqError } from '../../protocol/index.js';
import { readJsonBody } from './read-json-body.js';

/** @throws PjqError `request-malformed` or `request-too-large`. */
export type ReadBody = <Schema extends z.ZodType>(schema: Schema) => Promise<z.output<Schema>>;

export interface ControlAnswer {
  readonly status: number;
  /** Of a `body` that is text or bytes; anything else goes out as JSON. */
  readonly type?: string;
  readonly body: unknown;
}

export interface LoopbackControlOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** @param route `GET /path`, without a query. @throws PjqError for what it refuses. */
  readonly answer: (route: string, read: ReadBody) => Promise<ControlAnswer> | ControlAnswer;
}

const LOOPBACK = '127.0.0.1';
const MOST_BODY_BYTES = 1_024;

export class LoopbackControl {
  readonly #options: LoopbackControlOptions;
  #server: Server | undefined;

  constructor(options: LoopbackControlOptions) {
    this.#options = options;
  }

  /** @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    const server = createServer((request, response) => {
      this.#answer(request).then(
        (answer) => send(response, answer),
        (error: unknown) => send(response, problem(error)),
      );
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, LOOPBACK, () => {
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

  async #answer(request: IncomingMessage): Promise<ControlAnswer> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    return this.#options.answer(`${request.method ?? ''} ${path}`, (schema) =>
      readJsonBody(request, schema, MOST_BODY_BYTES),
    );
  }
}

function problem(error: unknown): ControlAnswer {
  const { status, code, message, hint } = isPjqError(error)
    ? error
    : new PjqError('internal', undefined, { cause: error });
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ code, title: message, detail: message, hint }),
  };
}

function send(response: ServerResponse, { status, type, body }: ControlAnswer): void {
  if (response.destroyed) return;
  const ready = type !== undefined && (typeof body === 'string' || body instanceof Uint8Array);
  response.writeHead(status, { 'content-type': ready ? type : 'application/json', 'cache-control': 'no-store' });
  response.end(ready ? body : `${JSON.stringify(body)}\n`);
}
