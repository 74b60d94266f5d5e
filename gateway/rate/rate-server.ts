/**
 * The server that phones speak to, by a listener of its own: nothing else of the hall is to be had at it. Its addresses
 * hold the slips' codes, so that no line of the log, no header and no document names one.
 */
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { PjqError, type ErrorCode, type Randomness } from '../../protocol/index.js';
import { guardedHttpServer, type HttpTls } from '../../protocol/runtime/guarded-http-server.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { codedError } from '../api/problem.js';
import { NamedBuckets } from '../peers/named-buckets.js';
import { PeerLog } from '../peers/peer-log.js';
import { languageOf } from './language.js';
import { PAGE_HEADERS } from './layout.js';
import { packed } from './packed.js';
import type { PageAnswer, PageRoute } from './page-route.js';
import { CONNECTION_BOUNDS, DEFAULT_RATE_LIMITS, type RateLimits } from './rate-configuration.js';
import type { Caller } from './rate-door.js';
import { RequestLimits } from './rate-limits.js';
import { ACT_COOKIE } from './rating-pages.js';
import { refusedPage } from './told-page.js';
import { TrustedProxies } from './trusted-proxies.js';
import { WindowCodeLocked } from './window-code-locked.js';

const COOKIE_OF_ACT = new RegExp(`(?:^|; )${ACT_COOKIE}=([\\w-]{11})(?:;|$)`);
const FORM_TYPE = 'application/x-www-form-urlencoded';
/** 500 characters of Chinese are 4,500 bytes in a form. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** What is in work is done by then, many times over. */
const BUSY_SECONDS = 2;

/** Refusals of the code itself: what somebody gets who makes codes up. */
const BAD_CODES: ReadonlySet<ErrorCode> = new Set([
  'token-malformed',
  'token-forged',
  'token-foreign',
  'token-key-unknown',
  'window-code-refused',
  'window-code-locked',
  'route-unknown',
]);

export interface RateServerParts {
  readonly routes: readonly PageRoute[];
  /** Path of the public address, without a slash at its end. */
  readonly basePath: string;
  readonly log: Logger;
  readonly randomness: Randomness;
  readonly trustedProxies?: readonly string[];
  readonly limits?: RateLimits;
  readonly tls?: HttpTls;
}

export class RateServer {
  readonly #parts: RateServerParts;
  readonly #limits: RequestLimits;
  readonly #proxies: TrustedProxies;
  readonly #cuts = new NamedBuckets(CONNECTION_BOUNDS.cuts);
  readonly #peerLog: PeerLog;
  readonly #underWay = new Set<Promise<PageAnswer>>();
  #server: FastifyInstance | undefined;

  constructor(parts: RateServerParts) {
    this.#parts = parts;
    this.#limits = new RequestLimits(parts.limits ?? DEFAULT_RATE_LIMITS);
    this.#proxies = new TrustedProxies(parts.trustedProxies ?? []);
    this.#peerLog = new PeerLog(parts.log, monoMs);
  }

  /** Listens; `port` 0 takes a free one. @returns the port. @throws the system's error when the address is taken. */
  async start(address: { host: string; port: number }): Promise<{ port: number }> {
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

  /** Ends the connections, then waits for the work they began. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
    await Promise.allSettled(this.#underWay);
  }

  #build(): FastifyInstance {
    const { limits = DEFAULT_RATE_LIMITS, randomness, routes, tls } = this.#parts;
    const bounds = { ...CONNECTION_BOUNDS, maxConnections: limits.maxConnections };
    // Drawn once: the system is asked for randomness no more often than it must be.
    const started = randomness.newId();
    let requests = 0;
    const server: FastifyInstance = fastify({
      logger: false,
      forceCloseConnections: true,
      bodyLimit: BODY_LIMIT_BYTES,
      serverFactory: (handle) =>
        guardedHttpServer(
          bounds,
          handle,
          {
            cut: (address, code, detail) => this.#wasBad(address, code, detail),
            // Through a proxy come all: it is never shut out for one of them.
            mayCome: (address) => this.#proxies.has(address) || !this.#cuts.isSpent(address, monoMs()),
          },
          tls,
        ),
      exposeHeadRoutes: false,
      requestIdHeader: false,
      genReqId: () => `${started}.${(requests += 1)}`,
      routerOptions: { maxParamLength: 300 },
      frameworkErrors: (error, request, reply) => {
        void this.#refuse(error, request, reply);
      },
      // What is no HTTP gets no words: its bytes may hold an address of ours.
      clientErrorHandler: (_error, socket) => {
        if (socket.remoteAddress !== undefined) this.#wasBad(socket.remoteAddress, 'request-malformed', 'unreadable');
        socket.destroy();
      },
    });
    server.addHook('onResponse', async (request, reply) => this.#told(request, reply));
    server.removeAllContentTypeParsers();
    server.addContentTypeParser(
      FORM_TYPE,
      { parseAs: 'string' },
      async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
    );
    server.setErrorHandler((error, request, reply) => this.#refuse(error, request, reply));
    server.setNotFoundHandler((request, reply) => this.#refuse(new PjqError('route-unknown'), request, reply));
    for (const route of routes) this.#register(server, route);
    return server;
  }

  #register(server: FastifyInstance, route: PageRoute): void {
    server.route({
      method: route.method,
      url: `${this.#parts.basePath}${route.path}`,
      handler: async (request, reply) => {
        const params = request.params as Readonly<Record<string, string>>;
        const caller = this.#callerOf(request);
        const { pass } = params;
        if (this.#limits.isSpent(pass, caller.address, monoMs())) throw new PjqError('peer-too-fast');
        const work = route.handle({
          params,
          query: queryOf(request),
          form: request.body instanceof URLSearchParams ? request.body : new URLSearchParams(),
          caller,
          language: languageIn(request),
        });
        this.#underWay.add(work);
        try {
          const answer = await work;
          this.#limits.tookGood(pass, caller.address, monoMs());
          return send(request, reply, answer);
        } finally {
          this.#underWay.delete(work);
        }
      },
    });
  }

  #callerOf({ headers, socket }: FastifyRequest): Caller {
    const forwarded = headers['x-forwarded-for'];
    const said = ['user-agent', 'accept-language'].map((name) => String(headers[name] ?? '').slice(0, 300));
    const actId = COOKIE_OF_ACT.exec(headers.cookie ?? '')?.[1];
    return {
      address: this.#proxies.callerOf(
        socket.remoteAddress ?? 'unknown',
        Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      ),
      device: createHash('sha256').update(said.join('\n')).digest('base64url'),
      ...(actId === undefined ? {} : { actId }),
    };
  }

  async #refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const error = codedError(thrown);
    const { address } = this.#callerOf(request);
    if (error.code === 'internal')
      this.#parts.log.error({ requestId: request.id, error: error.cause ?? error }, 'rate request failed');
    if (BAD_CODES.has(error.code) && !this.#limits.allowsRefused(address, monoMs())) {
      this.#peerLog.tell({ address }, 'peer-too-fast', 'codes that are refused');
      return reply.code(429).header('connection', 'close').send();
    }
    if (error.code === 'peer-too-fast') this.#peerLog.tell({ address }, error.code, 'requests for a page of rating');
    return send(request, reply, {
      status: error.status,
      html: refusedPage(languageIn(request), error.code, error instanceof WindowCodeLocked ? error.lockMs : undefined),
      ...(error.code === 'gateway-busy' ? { headers: { 'retry-after': String(BUSY_SECONDS) } } : {}),
    });
  }

  #wasBad(address: string, code: ErrorCode, detail: string): void {
    if (!this.#proxies.has(address)) this.#cuts.allows(address, monoMs());
    this.#peerLog.tell({ address }, code, detail);
  }

  /** The route's pattern in place of the address. A flood is told of by `bad peer`. */
  #told(request: FastifyRequest, reply: FastifyReply): void {
    if (reply.statusCode === 429) return;
    const { method, id: requestId } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const durationMs = Math.round(reply.elapsedTime);
    this.#parts.log.info({ requestId, method, route, status: reply.statusCode, durationMs }, 'rate request');
  }
}

function send(request: FastifyRequest, reply: FastifyReply, { status, html, headers = {} }: PageAnswer): FastifyReply {
  reply.code(status).headers({ ...PAGE_HEADERS, ...headers });
  if (html === undefined) return reply.send();
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(Buffer.from(html.text));
  return reply.header('content-encoding', 'gzip').send(packed(html));
}

function languageIn(request: FastifyRequest) {
  return languageOf(queryOf(request), request.headers['accept-language']);
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

function monoMs(): number {
  return performance.now();
}
