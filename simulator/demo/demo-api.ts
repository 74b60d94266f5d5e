/**
 * The demo's page and its interface for scripts; on loopback only, for callers by a loopback name. Answers are JSON,
 * refusals problem+json. Levels are in the simulator's truth only, which is GET /api/truth and GET /api/actions (I6).
 *
 * The hall
 *   GET  /                                   the page; with --headless, or before it was built, a text that says so
 *   GET  /api/ready                          200 or 503 {"ready","missing":[…]}; printers, screens and sound may be away
 *   GET  /api/hall                           all that the page shows: `HallView`
 *   GET  /api/events                         the same, server-sent: the whole view at first and at each change
 *   GET  /api/truth                          {"total","byLevel","ledger":[…]} with levels: the simulator's truth
 *   GET  /api/processes                      [{"name","pid"}]
 *   POST /api/processes/{name}/kill          SIGKILL; it is started again → {"ok","killed"}
 *   POST /api/switches                       {"part":"gateway-network"|"centre-network","state":"on"|"cut"} or
 *                                            {"part":"terminal-network"|"board"|"printer"|"screen","terminal":n,"state":…}
 *   GET  /api/actions                        what was done since the start, as scenario steps with "atMs", oldest first
 *   GET  /api/actions.yaml                   the same as a scenario · POST /api/actions/clear
 * A counter
 *   GET  /api/terminals/{n}                  `describeCounter`: session, parts, paper, lamps, self-check, slips, duty
 *   GET  /api/terminals/{n}/pages            {"kiosk","staff"}: addresses with their secret, until the next start
 *   POST /api/terminals/{n}/service          {"caseNo","matter"?:code} through the gateway; "locally":true by its staff page
 *   POST /api/terminals/{n}/press            {"level":1..5} moves the key: 200 once the accepted lamp was seen, 409, 504;
 *                                            while a self-check asks for keys 200 {"result":"checked"}
 *   POST /api/terminals/{n}/touch            {"level":1..5} touches the screen → {"ok","by":"page"|"interface"}
 *   POST /api/terminals/{n}/later            touches 稍后用手机评 → the same
 *   POST /api/terminals/{n}/staff            {"do":"sign-on","staffNo","pin"?} or {…,"badge"} | "sign-off" | "pause","reason" |
 *                                            "resume" | "cancel" | "invite" → the terminal's answer
 *   GET  /api/terminals/{n}/self-check       the staff page's `selfCheck`
 *   POST /api/terminals/{n}/self-check       {"do":"start"} | "answer","step","ok","target"?,"scanned"? | "touch","target"? |
 *                                            "again" | "skip","reason" | "stop" → the terminal's answer
 * Its hardware
 *   POST /api/terminals/{n}/board            {"do":"bounce","on"} | "stick","level","on" | "free" | "garbage","seed"? |
 *                                            "hang","on" | "reset" | "chord","levels":[a,b] → {"ok"}
 *   POST /api/terminals/{n}/printer          any of "paper","cover","cutter","online","paperAfterLines", or
 *                                            {"do":"garbage","seed"?} | "hang","on" → {"ok"}
 *   POST /api/terminals/{n}/paper            {"paper":"ok"|"near-end"|"out"}
 *   GET  /api/terminals/{n}/paper.png · .txt the newest slip; 404 before the first
 *   GET  /api/terminals/{n}/slips            [{"n","complete","text","again","address"}], oldest first · /slips/{m}.png
 */
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import { PjqError } from '../../protocol/index.js';
import { addActionRoutes, type ActionRouteParts } from './action-routes.js';
import { addBenchRoutes, type BenchRouteParts } from './bench-routes.js';
import { addCounterRoutes, type CounterRouteParts } from './counter-routes.js';
import { parseJson, sendProblem } from './demo-problem.js';
import { LOOPBACK } from './demo-ports.js';
import { addHallRoutes, type HallRouteParts } from './hall-routes.js';
import { PAGE_POLICY, type PageFile } from './page-files.js';
import { addPaperRoutes, type PaperRouteParts } from './paper-routes.js';

export interface DemoApiParts
  extends HallRouteParts, CounterRouteParts, PaperRouteParts, BenchRouteParts, ActionRouteParts {
  readonly port: number;
  /** By path; `undefined` without a page. */
  readonly page: ReadonlyMap<string, PageFile> | undefined;
  /** What GET / shows without a page. */
  readonly welcome: string;
}

const BODY_LIMIT_BYTES = 16 * 1024;
const LOOPBACK_NAMES = [LOOPBACK, 'localhost', '[::1]'];
/** Bundled files have their content's hash in the name; whatever has another content has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';

export class DemoApi {
  readonly #parts: DemoApiParts;
  #server: FastifyInstance | undefined;

  constructor(parts: DemoApiParts) {
    this.#parts = parts;
  }

  /** @returns the address, `http://127.0.0.1:port`. */
  async start(): Promise<string> {
    const server = fastify({
      logger: false,
      bodyLimit: BODY_LIMIT_BYTES,
      forceCloseConnections: true,
      frameworkErrors: (error, _request, reply) => {
        sendProblem(reply, error);
      },
    });
    this.#server = server;
    server.addHook('onRequest', async ({ headers }, reply) => {
      checkCaller(headers.host, headers.origin);
      reply.header('x-content-type-options', 'nosniff');
    });
    server.setErrorHandler((error, _request, reply) => sendProblem(reply, error));
    server.setNotFoundHandler((_request, reply) => sendProblem(reply, new PjqError('route-unknown')));
    // Whoever calls with curl and says no content type means JSON; a wrong body is told as such.
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
      parseJson(body),
    );
    this.#addPage(server);
    addHallRoutes(server, this.#parts);
    addCounterRoutes(server, this.#parts);
    addPaperRoutes(server, this.#parts);
    addBenchRoutes(server, this.#parts);
    addActionRoutes(server, this.#parts);
    return server.listen({ host: LOOPBACK, port: this.#parts.port });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  #addPage(server: FastifyInstance): void {
    const { page, welcome } = this.#parts;
    if (page === undefined) {
      server.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(welcome));
      return;
    }
    for (const [path, { type, bytes }] of page) {
      server.get(path, async (_request, reply) =>
        reply
          .header('content-security-policy', PAGE_POLICY)
          .header('referrer-policy', 'no-referrer')
          .header('cache-control', path.startsWith('/assets/') ? FOR_EVER : 'no-store')
          .type(type)
          .send(bytes),
      );
    }
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
