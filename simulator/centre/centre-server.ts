/** The HTTP side of the simulated centre: /ratings, /ledger, /superseded, /healthz and, for tests, /_faults. */
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CENTRE_RATINGS_PATH, type Clock } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { judgeRequest, MAX_REQUEST_BYTES } from './intake.js';
import { Ledger, type Recognition } from './ledger.js';
import { MisbehaviourSwitch, misbehaviourSchema, type Misbehaviour } from './misbehaviour.js';
import { anotherRating, cutAnswer, dripAnswer } from './unfinished-answer.js';

/** A body is read to its end up to here, so that its sender can hear the 413; past it the connection is cut. */
const MAX_DRAINED_BYTES = 4 * 1024 * 1024;

export interface CentreServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Folder of the ledger; made when missing. */
  readonly dataDir: string;
  readonly secret: string;
  /** How it finds out that it has a rating already; by its case, as centres do, where it is not said. */
  readonly recognition?: Recognition;
  /** Whether a negative rating must say why (差评必须勾选详情或填写文字评价); not, where it is not said. */
  readonly refusesBareNegative?: boolean;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Logger;
}

export class CentreServer {
  readonly #options: CentreServerOptions;
  readonly #ledger: Ledger;
  readonly #misbehaviour = new MisbehaviourSwitch();
  #running: { readonly server: Server; readonly ending: AbortController } | undefined;

  constructor(options: CentreServerOptions) {
    this.#options = options;
    this.#ledger = new Ledger(join(options.dataDir, 'centre.sqlite'), options.recognition);
  }

  /**
   * Opens the ledger, then the port.
   * @returns the port that it listens on.
   * @throws what the file system or the network says, when folder or port cannot be had.
   */
  async start(): Promise<number> {
    mkdirSync(this.#options.dataDir, { recursive: true });
    this.#ledger.start();
    const ending = new AbortController();
    const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
      this.#serve(request, response, ending.signal).catch((error: unknown) => {
        if (ending.signal.aborted || (request.destroyed && !request.complete)) return response.destroy();
        this.#options.log.error({ error }, 'request failed');
        return answerJson(response, 500, { code: 'internal' });
      });
    });
    this.#running = { server, ending };
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(this.#options.port, this.#options.host, resolve);
      });
    } catch (error) {
      this.#running = undefined;
      this.#ledger.stop();
      throw error;
    }
    return (server.address() as AddressInfo).port;
  }

  /** Cuts what is under way: whoever did not get an answer sends again. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.ending.abort();
    const closed = new Promise<void>((resolve) => running.server.close(() => resolve()));
    running.server.closeAllConnections();
    await closed;
    this.#ledger.stop();
  }

  /** What the next rating meets. */
  get misbehaviour(): Misbehaviour {
    return this.#misbehaviour.current;
  }

  async #serve(request: IncomingMessage, response: ServerResponse, ending: AbortSignal): Promise<void> {
    const path = request.url ?? '/';
    const url = new URL(path, 'http://centre.invalid');
    switch (`${request.method} ${url.pathname}`) {
      case `POST ${CENTRE_RATINGS_PATH}`:
        return this.#takeRating(request, response, path, ending);
      case 'GET /ledger':
        return answerJson(response, 200, this.#ledger.entries(url.searchParams.get('caseNo') ?? undefined));
      case 'GET /superseded':
        return answerJson(response, 200, this.#ledger.superseded());
      case 'GET /healthz':
        return answerJson(response, 200, { ok: true, ...this.#ledger.durability() });
      case 'POST /_faults':
        return this.#setMisbehaviour(request, response);
      default:
        // Not in the form of a rating's answer: a gateway with a wrong URL must not take it for a refusal of the rating.
        return answerJson(response, 404, { code: 'route-unknown' });
    }
  }

  async #takeRating(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    ending: AbortSignal,
  ): Promise<void> {
    const body = await readBody(request);
    const misbehaviour = this.#misbehaviour.next();
    switch (misbehaviour.mode) {
      case 'down-500':
        return answerJson(response, 500, { code: 'down' });
      case '429':
        return answerJson(response, 429, { code: 'busy' }, { 'retry-after': misbehaviour.retryAfter });
      case 'garbage':
        response.writeHead(misbehaviour.status, { 'content-type': 'text/html' }).end(misbehaviour.body);
        return;
      case 'already-another': {
        const held = anotherRating(body);
        return held === null
          ? answerJson(response, 422, { code: 'malformed' })
          : answerJson(response, 409, { outcome: 'already', held });
      }
      case 'cut-answer':
        if (!misbehaviour.taken) return cutAnswer(response, 201, { outcome: 'accepted' });
        break;
      case 'slow':
        await delay(misbehaviour.delayMs, undefined, { signal: ending });
        break;
      default:
    }
    ending.throwIfAborted();
    const { method = '', headers } = request;
    const verdict = judgeRequest(
      { method, path, headers, body },
      this.#ledger,
      this.#options.secret,
      this.#options.clock.wallMs(),
      { refusesBareNegative: this.#options.refusesBareNegative ?? false },
    );
    const { answer } = verdict;
    this.#options.log.debug(
      { status: verdict.status, code: answer.outcome === 'refused' ? answer.code : answer.outcome },
      'rating judged',
    );
    if (misbehaviour.mode === 'accept-then-timeout') return;
    if (misbehaviour.mode === 'cut-answer') return cutAnswer(response, verdict.status, answer);
    if (misbehaviour.mode === 'drip') return dripAnswer(response, verdict.status, answer, misbehaviour.gapMs, ending);
    return answerJson(response, verdict.status, answer);
  }

  async #setMisbehaviour(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopback(request.socket.remoteAddress)) return answerJson(response, 403, { code: 'origin-refused' });
    const body = await readBody(request);
    const parsed = misbehaviourSchema.safeParse(body === null ? undefined : parseJson(body));
    if (!parsed.success) return answerJson(response, 400, { code: 'request-malformed', errors: parsed.error.issues });
    this.#misbehaviour.set(parsed.data);
    this.#options.log.info({ mode: parsed.data.mode }, 'misbehaviour set');
    return answerJson(response, 200, parsed.data);
  }
}

function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(value));
}

/** The whole body, or `null` when it is longer than MAX_REQUEST_BYTES. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_DRAINED_BYTES) throw new Error('the body goes on past everything that is read');
    if (length <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  return length > MAX_REQUEST_BYTES ? null : Buffer.concat(chunks);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}
