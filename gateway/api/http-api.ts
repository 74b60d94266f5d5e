/** The HTTP server of the gateway: registers the route table, guards it, answers problems, counts and logs. */
import { STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as afterMs } from 'node:timers/promises';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { ERRORS, PjqError, type Clock, type ErrorCode, type Randomness } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { serveBoard } from '../console/board-files.js';
import { RequestFault } from '../core/request-fault.js';
import { NamedBuckets } from '../peers/named-buckets.js';
import { PeerLog } from '../peers/peer-log.js';
import type { ServiceDesk } from '../services/service-desk.js';
import type { TerminalCare } from '../core/terminal-care.js';
import type { Store } from '../store/store.js';
import { guardedHttpServer } from '../../protocol/runtime/guarded-http-server.js';
import { checkBearer, checkHost, LOOPBACK_HOSTS, showsSecret } from './guards.js';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './http-limits.js';
import { openApiText } from './openapi.js';
import { codedError, PROBLEM_TYPE, problemOf } from './problem.js';
import type { Route, RouteAnswer, RouteParts } from './route.js';
import { ROUTES } from './routes.js';

export const BODY_LIMIT_BYTES = 64 * 1024;
/** Who asks too often without the secret waits so long for being told, so that asking again does not pay. */
const LATE_REFUSAL_MS = 1_000;
/** Refusals that are held back at once; who is refused past that is cut off. */
const MOST_HELD = 64;
const TOO_FAST_STATUS = ERRORS['peer-too-fast'].status;
const DURATION_METRIC = 'pjq_http_request_duration_seconds';

/** What Node says of a request that it could not read, where it is no mere malformed one. */
const UNREADABLE: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'peer-too-slow',
  HPE_HEADER_OVERFLOW: 'request-too-large',
};

export interface HttpApiParts {
  readonly desk: ServiceDesk;
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Parts beside the store that must work, by name; the broker at least. */
  readonly readiness: () => Promise<Record<string, boolean>>;
  /** How every terminal is now. */
  readonly terminals: () => Promise<TerminalCare[]>;
  /** The secret that the business system shows; not empty. */
  readonly secret: string;
  /** The managers' board: its secret, and where its built page is. Without one there is no board. */
  readonly board?: { readonly secret: string; readonly pagesDir: string };
}

export interface HttpApiOptions {
  /** Names, without port, under which this server may be called. Default: the loopback names. */
  readonly allowedHosts?: readonly string[];
  readonly limits?: HttpLimits;
}

export class HttpApi {
  readonly #parts: HttpApiParts;
  readonly #allowedHosts: readonly string[];
  readonly #limits: HttpLimits;
  readonly #withoutSecret: NamedBuckets;
  readonly #cuts: NamedBuckets;
  readonly #peerLog: PeerLog;
  readonly #underWay = new Set<Promise<RouteAnswer>>();
  readonly #registered: { method: string; url: string }[] = [];
  #server: FastifyInstance | undefined;
  #held = 0;

  constructor(parts: HttpApiParts, options: HttpApiOptions = {}) {
    this.#parts = parts;
    this.#allowedHosts = (options.allowedHosts ?? LOOPBACK_HOSTS).map((host) => host.toLowerCase());
    this.#limits = options.limits ?? DEFAULT_HTTP_LIMITS;
    this.#withoutSecret = new NamedBuckets(this.#limits.withoutSecret);
    this.#cuts = new NamedBuckets(this.#limits.cuts);
    this.#peerLog = new PeerLog(parts.log, monoMs);
  }

  /**
   * Listens; `port` 0 takes a free one.
   * @returns the port.
   * @throws PjqError `config-invalid` without a secret; the system's error when the address is taken.
   */
  async start(address: { host: string; port: number }): Promise<{ port: number }> {
    if (this.#parts.secret === '') throw new PjqError('config-invalid', '\nsecret: must not be empty');
    const server = this.#build();
    this.#server = server;
    try {
      await server.listen(address);
    } catch (error) {
      await this.stop();
      throw error;
    }
    return { port: (server.server.address() as AddressInfo).port };
  }

  /** Ends the connections, then waits for the work they began, so that the store may be closed afterwards. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
    await Promise.allSettled(this.#underWay);
    this.#parts.metrics.removeSingleMetric(DURATION_METRIC);
  }

  /** What the server really answers to, as `GET /path/{param}`. */
  routes(): string[] {
    return this.#registered.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  }

  #build(): FastifyInstance {
    const { randomness, metrics } = this.#parts;
    const server: FastifyInstance = fastify({
      logger: false,
      forceCloseConnections: true,
      bodyLimit: BODY_LIMIT_BYTES,
      serverFactory: (handle) =>
        guardedHttpServer(this.#limits, handle, {
          cut: (address, code, detail) => this.#wasBad(address, code, detail),
          mayCome: (address) => !this.#cuts.isSpent(address, monoMs()),
        }),
      exposeHeadRoutes: false,
      requestIdHeader: false,
      genReqId: () => randomness.newId(),
      routerOptions: { maxParamLength: 300 },
      frameworkErrors: (error, request, reply) => {
        this.#refuse(error, request, reply);
      },
      clientErrorHandler: (error, socket) => this.#refuseUnreadable(error, socket),
    });
    const duration = new Histogram({
      name: DURATION_METRIC,
      help: 'Time from request to answer, by route.',
      labelNames: ['method', 'route', 'status'],
      registers: [metrics],
    });
    if (this.#parts.board !== undefined) serveBoard(server, this.#parts.board.pagesDir);
    this.#registered.length = 0;
    server.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) this.#registered.push({ method: one, url });
    });
    server.addHook('onRequest', async (request) => checkHost(request.headers, this.#allowedHosts));
    server.addHook('onRequest', async (request) => this.#checkRate(request));
    server.addHook('onResponse', async (request, reply) => this.#told(request, reply, duration));
    server.removeAllContentTypeParsers();
    server.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_request: FastifyRequest, body: Buffer) => parseJson(body),
    );
    server.setErrorHandler((error, request, reply) => this.#refuse(error, request, reply));
    server.setNotFoundHandler((request, reply) => this.#refuse(new PjqError('route-unknown'), request, reply));
    const parts = this.#routeParts();
    for (const route of ROUTES) this.#register(server, route, parts);
    return server;
  }

  #routeParts(): RouteParts {
    const { desk, store, terminals, clock, metrics, readiness } = this.#parts;
    return {
      desk,
      store,
      terminals,
      metrics,
      readiness,
      openApi: openApiText(),
      nowMs: () => clock.wallMs(),
    };
  }

  /** The secret is the business system's, which is trusted; anybody else may ask only so often. */
  async #checkRate({ headers, ip, socket }: FastifyRequest): Promise<void> {
    const { secret, board } = this.#parts;
    if (showsSecret(headers, board === undefined ? [secret] : [secret, board.secret])) return;
    if (this.#withoutSecret.allows(ip, monoMs())) return;
    this.#peerLog.tell({ address: ip }, 'peer-too-fast', 'requests without the secret');
    if (this.#held >= MOST_HELD) {
      socket.destroy();
    } else {
      this.#held += 1;
      await afterMs(LATE_REFUSAL_MS, undefined, { ref: false });
      this.#held -= 1;
    }
    throw new PjqError('peer-too-fast');
  }

  #wasBad(address: string, code: ErrorCode, detail: string): void {
    this.#cuts.allows(address, monoMs());
    this.#peerLog.tell({ address }, code, detail);
  }

  #register(server: FastifyInstance, route: Route, parts: RouteParts): void {
    const { secret, board } = this.#parts;
    const secrets = route.forManagers === true && board !== undefined ? [secret, board.secret] : [secret];
    server.route({
      method: route.method.toUpperCase(),
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      // With the route, not by the address as it was written: an escaped address may mean the same route.
      onRequest: async (request) => {
        if (route.secured) checkBearer(request.headers, secrets);
      },
      handler: async (request, reply) => {
        const { id: requestId, params, headers, body } = request;
        const work = route.handle(parts, { requestId, params: params as Record<string, unknown>, headers, body });
        this.#underWay.add(work);
        try {
          return send(reply, await work);
        } finally {
          this.#underWay.delete(work);
        }
      },
    });
  }

  #refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const error = codedError(thrown);
    if (error.code === 'internal')
      this.#parts.log.error({ requestId: request.id, error: error.cause ?? error }, 'http request failed');
    if (error.code === 'credentials-missing') void reply.header('www-authenticate', 'Bearer');
    return send(reply, {
      status: error.status,
      body: JSON.stringify(problemOf(error, request.id)),
      contentType: PROBLEM_TYPE,
    });
  }

  /** What is no HTTP, or not all of it, gets the shortest answer there is; no request exists yet that could have an id. */
  #refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
    const { remoteAddress: address } = socket;
    if (address === undefined || !socket.writable) {
      socket.destroy();
      return;
    }
    const code = UNREADABLE[error.code ?? ''] ?? 'request-malformed';
    this.#wasBad(address, code, error.code ?? 'unreadable');
    const refusal = new PjqError(code);
    const body = JSON.stringify(problemOf(refusal, 'none'));
    socket.end(
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  /** Without body, and with the route's pattern in place of the address: an address may hold what a log must not. */
  #told(request: FastifyRequest, reply: FastifyReply, duration: Histogram): void {
    const route = request.routeOptions.url ?? 'unknown';
    const { method, id: requestId } = request;
    const durationMs = Math.round(reply.elapsedTime);
    // A flood would fill the log; it is told of by `bad peer`.
    if (reply.statusCode !== TOO_FAST_STATUS)
      this.#parts.log.info({ requestId, method, route, status: reply.statusCode, durationMs }, 'http request');
    duration.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  }
}

/** As bytes: of a text the framework would change the content type. */
function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json; charset=utf-8', headers = {} }: RouteAnswer,
): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', ...headers })
    .type(contentType)
    .send(Buffer.from(body));
}

/** Strict UTF-8: a GBK body read leniently would store a case number of replacement characters. */
function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's own message quotes the body, which must not be repeated.
    throw new RequestFault([{ path: '(body)', reason: 'must be JSON in UTF-8' }]);
  }
}

function monoMs(): number {
  return performance.now();
}
