/**
 * The demo's interface for scripts, and later its page; on loopback only, for callers by a loopback name.
 *
 * GET / · GET /api/ready · GET /api/processes · GET /api/terminals/{n}
 * POST /api/terminals/{n}/service {"caseNo":"…"} · POST /api/terminals/{n}/press {"level":1..5}
 */
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { caseNoSchema, ERRORS, isPjqError, levelSchema, PjqError } from '../../protocol/index.js';
import { faultsOf } from '../../protocol/runtime/configuration.js';
import type { Counter, DemoHall } from './demo-hall.js';
import { LOOPBACK } from './demo-ports.js';

export interface DemoApiParts {
  readonly hall: DemoHall;
  readonly port: number;
  /** What GET / shows until there is a page. */
  readonly welcome: string;
}

const BODY_LIMIT_BYTES = 16 * 1024;
const LOOPBACK_NAMES = [LOOPBACK, 'localhost', '[::1]'];

const serviceSchema = z.strictObject({ caseNo: caseNoSchema });
const pressSchema = z.strictObject({ level: levelSchema });

export class DemoApi {
  readonly #parts: DemoApiParts;
  #server: FastifyInstance | undefined;

  constructor(parts: DemoApiParts) {
    this.#parts = parts;
  }

  /** @returns the address, `http://127.0.0.1:port`. */
  async start(): Promise<string> {
    const { hall, port, welcome } = this.#parts;
    const server = fastify({
      logger: false,
      bodyLimit: BODY_LIMIT_BYTES,
      forceCloseConnections: true,
      frameworkErrors: (error, _request, reply) => {
        sendProblem(reply, error);
      },
    });
    this.#server = server;
    server.addHook('onRequest', async ({ headers }) => checkCaller(headers.host, headers.origin));
    server.setErrorHandler((error, _request, reply) => sendProblem(reply, error));
    server.setNotFoundHandler((_request, reply) => sendProblem(reply, new PjqError('route-unknown')));
    // Whoever calls with curl and says no content type means JSON; a wrong body is told as such.
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
      parseJson(body),
    );

    server.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(welcome));
    server.get('/api/processes', async () => hall.processes());
    server.get('/api/ready', async (_request, reply) => {
      const missing = await hall.missing();
      return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
    });
    server.get('/api/terminals/:n', async (request) => describe(this.#counter(request)));
    server.post('/api/terminals/:n/service', async (request, reply) => {
      const { place } = this.#counter(request);
      const { caseNo } = readBody(serviceSchema, request.body);
      const key = request.headers['idempotency-key'];
      const answer = await hall.gateway.open(
        { caseNo, terminal: place.terminal },
        typeof key === 'string' ? key : undefined,
      );
      return reply.code(answer.status).header('content-type', answer.contentType).send(Buffer.from(answer.text));
    });
    server.post('/api/terminals/:n/press', async (request, reply) => {
      const counter = this.#counter(request);
      return sendPress(reply, await counter.press(readBody(pressSchema, request.body).level));
    });
    return server.listen({ host: LOOPBACK, port });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  /** @throws PjqError `terminal-unknown`. */
  #counter({ params }: FastifyRequest): Counter {
    const { n } = params as { n: string };
    const counter = this.#parts.hall.counters.find(({ place }) => String(place.number) === n);
    if (counter === undefined)
      throw new PjqError('terminal-unknown', `The demo has 1 to ${this.#parts.hall.counters.length}.`);
    return counter;
  }
}

/** `session` and `board` are null while the terminal's program does not answer. */
async function describe({ place, door }: Counter): Promise<Record<string, unknown>> {
  const [session, parts] = await Promise.all([door.session(), door.parts()]);
  return {
    terminal: place.terminal,
    window: String(place.number),
    answers: session !== undefined,
    board: parts?.['board'] ?? null,
    network: parts?.['network'] ?? null,
    session: session ?? null,
  };
}

function sendPress(reply: FastifyReply, result: 'accepted' | 'refused' | 'unknown'): FastifyReply {
  switch (result) {
    case 'accepted':
      return reply.code(200).send({ result });
    case 'refused':
      return reply.code(409).send({ result, code: 'session-absent', hint: ERRORS['session-absent'].hint });
    case 'unknown':
      return reply.code(504).send({ result, code: 'press-unwitnessed', hint: ERRORS['press-unwitnessed'].hint });
  }
}

/** @throws PjqError `origin-refused`: a name that was made to resolve to loopback, or another site's page. */
function checkCaller(host: string | undefined, origin: string | undefined): void {
  if (!isLoopbackName(host ?? '')) throw new PjqError('origin-refused', 'Host');
  if (origin !== undefined && !isLoopbackName(origin.replace(/^https?:\/\//i, '')))
    throw new PjqError('origin-refused', 'Origin');
}

function isLoopbackName(authority: string): boolean {
  return LOOPBACK_NAMES.includes(authority.replace(/:\d*$/, '').toLowerCase());
}

function parseJson(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new PjqError('request-malformed', 'The body is no JSON.', { cause });
  }
}

/** @throws PjqError `request-malformed` with every fault. */
function readBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new PjqError('request-malformed', faultsOf(parsed.error, body).join('; '));
}

function sendProblem(reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = codedError(thrown);
  const { code, status, hint, detail } = error;
  const problem = { title: ERRORS[code].summary, status, code, ...(detail === undefined ? {} : { detail }), hint };
  // As bytes: to a text the framework would add a charset, which this type does not have (RFC 9457).
  return reply
    .code(status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

function codedError(thrown: unknown): PjqError {
  if (isPjqError(thrown)) return thrown;
  const status =
    typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown ? thrown.statusCode : undefined;
  if (status === 413) return new PjqError('request-too-large');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new PjqError('request-malformed', undefined, { cause: thrown });
  return new PjqError('internal', undefined, { cause: thrown });
}
