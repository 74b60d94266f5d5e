/**
 * The local HTTP interface, on loopback only: the kiosk's screen and the staff page of this one counter.
 * It works with every network down. No answer and no log line holds a level (I6).
 */
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { PjqError, serviceIdSchema, type Randomness } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import type { Answer } from '../core/session-effect.js';
import type { Counter } from '../counter/counter.js';
import { carriesSecret, makeSecret } from './boot-secret.js';
import { checkOrigin, checkSecret } from './caller.js';
import { asCoded, MalformedRequest, sendProblem } from './problem.js';
import { dutyBody, pauseBody, pressBody, readBody, refuseEvaluator, serviceBody } from './request-bodies.js';
import { viewFor } from './session-view.js';

const LOOPBACK = '127.0.0.1';
const BODY_LIMIT_BYTES = 16 * 1024;

export interface LocalServerParts {
  readonly counter: Counter;
  /** 0: any free port. */
  readonly port: number;
  /** Where the secrets are written. */
  readonly dataDir: string;
  /** This terminal's name, for services opened here without a serviceId. */
  readonly terminal: string;
  readonly randomness: Randomness;
  readonly health: () => Readonly<Record<string, unknown>>;
  readonly logger: Logger;
}

export class LocalServer {
  readonly #parts: LocalServerParts;
  #server: FastifyInstance | undefined;

  constructor(parts: LocalServerParts) {
    this.#parts = parts;
  }

  /**
   * Makes the secrets of this start and listens.
   * @returns the address, `http://127.0.0.1:port`.
   */
  async start(): Promise<string> {
    const kiosk = makeSecret(this.#parts.dataDir, 'kiosk');
    const staff = makeSecret(this.#parts.dataDir, 'staff');
    const server = fastify({
      logger: false,
      bodyLimit: BODY_LIMIT_BYTES,
      forceCloseConnections: true,
      frameworkErrors: (error, _request, reply) => {
        sendProblem(reply, asCoded(error));
      },
    });
    server.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
      checkOrigin(request);
    });
    server.addHook('preHandler', async ({ body }) => refuseEvaluator(body));
    server.setNotFoundHandler((_request, reply) => sendProblem(reply, new PjqError('route-unknown')));
    server.setErrorHandler((error, _request, reply) => this.#fail(error, reply));
    server.get('/healthz', async () => ({ ok: true }));
    server.get('/v1/session', { onRequest: async (request) => checkSecret(request, kiosk, staff) }, async (request) => {
      const role = carriesSecret(request.headers.authorization, kiosk) ? 'kiosk' : 'staff';
      return viewFor(role, this.#parts.counter.snapshot());
    });
    await server.register(async (scope) => {
      scope.addHook('onRequest', async (request) => checkSecret(request, kiosk));
      this.#kioskRoutes(scope);
    });
    await server.register(async (scope) => {
      scope.addHook('onRequest', async (request) => checkSecret(request, staff));
      this.#staffRoutes(scope);
    });
    this.#server = server;
    return server.listen({ host: LOOPBACK, port: this.#parts.port });
  }

  /** The secrets' files stay; nobody answers to them any more. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  #kioskRoutes(scope: FastifyInstance): void {
    const { counter } = this.#parts;
    scope.post('/v1/touch', async () => done(counter.touch()));
    scope.post('/v1/press', async ({ body }) => done(counter.press(readBody(pressBody, body).level, 'touch')));
  }

  #staffRoutes(scope: FastifyInstance): void {
    const { counter, terminal, randomness, health } = this.#parts;
    scope.get('/v1/health', async () => health());
    scope.post('/v1/services', async ({ body }, reply) => {
      const { serviceId = `${terminal}-${randomness.newId()}`, caseNo, stage, matter } = readBody(serviceBody, body);
      done(counter.open({ serviceId, caseNo, stage, ...(matter === undefined ? {} : { matter }) }, 'local'));
      return reply.code(201).send({ ok: true, serviceId });
    });
    scope.post('/v1/services/:serviceId/cancel', async (request) => done(counter.cancel(serviceIdOf(request))));
    scope.post('/v1/duty', async ({ body }) => done(counter.dutyOn(readBody(dutyBody, body).staffNo)));
    scope.delete('/v1/duty', async () => done(counter.dutyOff()));
    scope.post('/v1/pause', async ({ body }) => done(counter.pause(readBody(pauseBody, body).reason)));
    scope.post('/v1/resume', async () => done(counter.resume()));
  }

  #fail(error: unknown, reply: FastifyReply): FastifyReply {
    const coded = asCoded(error);
    if (coded.code === 'internal') this.#parts.logger.error({ error }, 'a local request failed');
    return sendProblem(reply, coded);
  }
}

/** @throws PjqError with the answer's code, unless it is `ok`. */
function done(answer: Answer): { readonly ok: true } {
  if (!answer.ok) throw new PjqError(answer.code);
  return { ok: true };
}

function serviceIdOf(request: FastifyRequest): string {
  const { serviceId } = request.params as { serviceId?: unknown };
  const parsed = serviceIdSchema.safeParse(serviceId);
  if (!parsed.success) throw new MalformedRequest(parsed.error.issues.map(({ message }) => `serviceId: ${message}`));
  return parsed.data;
}
