/**
 * The local HTTP interface, on loopback only: the kiosk's screen and the staff page of this one counter.
 * It works with every network down. No answer and no log line holds a level (I6).
 */
import { z } from 'zod';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { PjqError, staffNoSchema, type Randomness } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Counter } from '../counter/counter.js';
import type { Timers } from '../timers.js';
import type { SelfCheck } from '../self-check/self-check.js';
import { readPhoto, type HallFacts } from '../hall-file.js';
import { carriesSecret, secretOfBoot } from './boot-secret.js';
import { checkOrigin, checkSecret } from './caller.js';
import type { DeskView } from './desk-view.js';
import { dutyRoutes } from './duty-routes.js';
import { Feed } from './feed.js';
import { guardedHttpServer, type HttpBounds } from '../../protocol/runtime/guarded-http-server.js';
import { kioskRoutes } from './kiosk-routes.js';
import type { KioskView } from './kiosk-view.js';
import { servePages } from './pages.js';
import { asCoded, sendProblem } from './problem.js';
import { readBody, refuseEvaluator } from './request-bodies.js';
import { Seal } from './seal.js';
import { kioskCheckRoutes, staffCheckRoutes } from './self-check-routes.js';
import { viewFor } from './session-view.js';
import { SignOn } from './sign-on.js';
import { staffRoutes } from './staff-routes.js';

const LOOPBACK = '127.0.0.1';
const photoParams = z.object({ staffNo: staffNoSchema });
const BODY_LIMIT_BYTES = 16 * 1024;
/** One screen, one staff page and what staff may have open beside it need a dozen connections. */
const BOUNDS: HttpBounds = {
  maxConnections: 128,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  keepAliveMs: 60_000,
  silenceMs: 60_000,
  maxHeaderBytes: 16 * 1024,
  maxUnanswered: 16,
};

export interface LocalServerParts {
  readonly counter: Counter;
  /** 0: any free port. */
  readonly port: number;
  /** Pages that may show these pages in a frame, as origins. */
  readonly framedBy: readonly string[];
  /** Where the built pages are. */
  readonly pagesDir: string;
  /** Where the secrets are written. */
  readonly dataDir: string;
  /** Identity of this boot of the machine: the secrets are of it. */
  readonly bootId: string;
  /** This terminal's name, for services opened here without a serviceId. */
  readonly terminal: string;
  readonly randomness: Randomness;
  readonly monoMs: () => number;
  readonly timers: Timers;
  readonly facts: HallFacts;
  readonly health: () => Readonly<Record<string, unknown>>;
  readonly kioskView: (seal: Seal) => () => KioskView;
  readonly deskView: () => DeskView;
  readonly printAgain: ((serviceId: string) => void) | null;
  /** Without one there is nothing to be asked of it. */
  readonly selfCheck?: SelfCheck;
  /** Hears how many citizen's pages follow. */
  readonly onScreens?: (total: number) => void;
  readonly logger: Logger;
  /** What one caller may ask of it; tests have less patience. */
  readonly bounds?: HttpBounds;
}

export class LocalServer {
  readonly #parts: LocalServerParts;
  #server: FastifyInstance | undefined;
  #kioskFeed: Feed<KioskView> | undefined;
  #deskFeed: Feed<DeskView> | undefined;
  #unsubscribe: () => void = () => undefined;

  constructor(parts: LocalServerParts) {
    this.#parts = parts;
  }

  /**
   * Finds or makes the secrets of this boot and listens.
   * @returns the address, `http://127.0.0.1:port`.
   */
  async start(): Promise<string> {
    const { dataDir, bootId, counter, monoMs, timers, pagesDir, framedBy, logger } = this.#parts;
    const kiosk = secretOfBoot(dataDir, 'kiosk', bootId);
    const staff = secretOfBoot(dataDir, 'staff', bootId);
    const seal = new Seal(kiosk);
    const kioskView = this.#parts.kioskView(seal);
    const { selfCheck, facts, onScreens } = this.#parts;
    const signOn = new SignOn({ facts, monoMs });
    const kioskFeed = new Feed({
      view: kioskView,
      running: ['remainingMs'],
      monoMs,
      timers,
      onFollowers: onScreens,
    });
    const deskFeed = new Feed({ view: this.#parts.deskView, running: [], monoMs, timers });
    this.#kioskFeed = kioskFeed;
    this.#deskFeed = deskFeed;
    const badCallers = new RepeatedFault(logger, 'bad peer');
    const server = fastify({
      logger: false,
      serverFactory: (handle) =>
        guardedHttpServer(this.#parts.bounds ?? BOUNDS, handle, {
          cut: (_address, code, detail) => badCallers.report(new PjqError(code, detail)),
          mayCome: () => true, // all of them have the one address of this machine
        }),
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
    const missing = await servePages(server, pagesDir, framedBy);
    if (missing.length > 0) logger.warn({ pages: missing }, 'pages are not built; the keys work without');
    server.get('/healthz', async () => ({ ok: true }));
    const either = { onRequest: async (request: FastifyRequest) => checkSecret(request, kiosk, staff) };
    server.get('/v1/session', either, async (request) => {
      const role = carriesSecret(request.headers.authorization, kiosk) ? 'kiosk' : 'staff';
      return viewFor(role, counter.snapshot());
    });
    server.get('/v1/staff/:staffNo/photo', either, async (request, reply) => this.#photo(request, reply));
    await server.register(async (scope) => {
      scope.addHook('onRequest', async (request) => checkSecret(request, kiosk));
      kioskRoutes(scope, { counter, seal, view: kioskView, feed: kioskFeed });
      if (selfCheck !== undefined) kioskCheckRoutes(scope, selfCheck);
    });
    await server.register(async (scope) => {
      scope.addHook('onRequest', async (request) => checkSecret(request, staff));
      const { terminal, randomness, health, deskView, printAgain } = this.#parts;
      staffRoutes(scope, { counter, terminal, randomness, health, view: deskView, feed: deskFeed, printAgain });
      dutyRoutes(scope, counter, signOn);
      if (selfCheck !== undefined) staffCheckRoutes(scope, selfCheck);
    });
    this.#server = server;
    this.#unsubscribe = counter.subscribe((event) => {
      kioskFeed.update();
      deskFeed.update();
      if (event.type !== 'changed') kioskFeed.say(event);
    });
    return server.listen({ host: LOOPBACK, port: this.#parts.port });
  }

  /** Something else than the session changed what is shown: the printer, a slip. */
  refresh(): void {
    this.#kioskFeed?.update();
    this.#deskFeed?.update();
  }

  /** The secrets' files stay; nobody answers to them any more. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#unsubscribe();
    this.#kioskFeed?.stop();
    this.#deskFeed?.stop();
    await server?.close();
  }

  #photo(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { staffNo } = readBody(photoParams, request.params);
    const { bytes, type } = readPhoto(this.#parts.facts, staffNo);
    // A picture that is a document (SVG) may run nothing when it is opened by itself.
    return reply
      .type(type)
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .send(bytes);
  }

  #fail(error: unknown, reply: FastifyReply): FastifyReply {
    const coded = asCoded(error);
    if (coded.code === 'internal') this.#parts.logger.error({ error }, 'a local request failed');
    return sendProblem(reply, coded);
  }
}
