/** The `generic` profile of the centre port: one signed JSON request a rating, over HTTP. */
import { createHmac, randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { errors, Pool, type Dispatcher } from 'undici';
import {
  CENTRE_HEADERS,
  CENTRE_RATINGS_PATH,
  centreRatingSchema,
  centreSigningText,
  type CentreRating,
  type Clock,
} from '../../protocol/index.js';
import type { Centre, CentreOutcome } from './centre-port.js';
import { laterOutcome, readAnswer, saysLater } from './generic-answer.js';

/** The longest documented answer holds one rating: well under 4 KiB. */
const MAX_ANSWER_BYTES = 64 * 1024;

const CLOSING_BRACE = Uint8Array.of(0x7d);

export interface GenericCentreOptions {
  /** Base address, `http:` or `https:`; `/ratings` is put after its path. */
  readonly url: string;
  /** The shared secret, as the centre has it. */
  readonly secret: string;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Connections that are kept open, and so requests under way at once. */
  readonly connections: number;
  /** Must be within the centre's skew of its clock: it dates each request. */
  readonly clock: Pick<Clock, 'wallMs'>;
}

export class GenericCentre implements Centre {
  readonly #options: GenericCentreOptions;
  #running: { readonly pool: Pool; readonly path: string } | undefined;

  constructor(options: GenericCentreOptions) {
    this.#options = options;
  }

  /**
   * Makes the pool; connects to nothing yet.
   * @throws TypeError when the address is none.
   */
  start(): void {
    const { url, connectTimeoutMs, connections } = this.#options;
    const base = new URL(url);
    const pool = new Pool(base.origin, {
      connections,
      // One deadline covers headers and body together; a time-out each would let a dripping answer go on for ever.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs },
      maxResponseSize: MAX_ANSWER_BYTES,
    });
    this.#running = { pool, path: `${base.pathname.replace(/\/+$/, '')}${CENTRE_RATINGS_PATH}` };
  }

  /** Cuts what is under way (it ends as `retry`) and closes every connection. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.pool.destroy();
  }

  async deliver(
    rating: CentreRating,
    idempotencyKey: string,
    signal: AbortSignal,
    evaluator?: Uint8Array,
  ): Promise<CentreOutcome> {
    const running = this.#running;
    if (running === undefined) throw new Error('the centre port is not started');
    if (!/^[\x21-\x7e]{1,200}$/.test(idempotencyKey))
      throw new RangeError('the idempotency key must be 1-200 visible ASCII characters');
    // What is compared with the centre's word must be exactly what the wire carries, without fields of our own.
    const sent = centreRatingSchema.safeParse(rating);
    if (!sent.success)
      return {
        kind: 'refused',
        code: 'malformed',
        reason: 'The rating is not of the documented form; it was not sent.',
      };
    const body = bodyOf(sent.data, evaluator);
    const cut = new AbortController();
    const abort = () => cut.abort();
    // By hand: AbortSignal.any would tie every try to the caller's long-lived signal.
    const deadline = setTimeout(abort, this.#options.timeoutMs);
    // Many tries may share the signal, and each takes its listener away again: a crowd of them is no leak.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      return await this.#request(running.pool, running.path, { rating: sent.data, body }, idempotencyKey, cut.signal);
    } catch (error) {
      const why = signal.aborted
        ? 'aborted'
        : cut.signal.aborted
          ? `no answer within ${this.#options.timeoutMs} ms`
          : codeOf(error);
      return { kind: 'retry', code: isNonsense(error) ? 'centre-garbage' : 'centre-unreachable', detail: why };
    } finally {
      clearTimeout(deadline);
      // What is still on its way of it goes nowhere: the connection of a try that was cut is closed.
      if (evaluator !== undefined) body.fill(0);
      signal.removeEventListener('abort', abort);
    }
  }

  async #request(
    pool: Pool,
    path: string,
    { rating, body }: { readonly rating: CentreRating; readonly body: Buffer },
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<CentreOutcome> {
    const response = await pool.request({
      method: 'POST',
      path,
      headers: this.#sign(path, idempotencyKey, body),
      body,
      signal,
    });
    const { statusCode: status } = response;
    if (saysLater(status)) {
      await discard(response);
      const retryAfter = response.headers['retry-after'];
      return laterOutcome(
        status,
        typeof retryAfter === 'string' ? retryAfter : undefined,
        this.#options.clock.wallMs(),
      );
    }
    return readAnswer(status, new Uint8Array(await response.body.arrayBuffer()), rating);
  }

  /** Headers of one try. The nonce is new each time: a second try is no replay. */
  #sign(path: string, idempotencyKey: string, body: Buffer): Record<string, string> {
    const timestampMs = this.#options.clock.wallMs();
    const nonce = randomBytes(16).toString('base64url');
    // The body is the last part of the text; it is taken as bytes, so that no string is made of it.
    const head = centreSigningText({ method: 'POST', path, timestampMs, nonce, idempotencyKey, body: '' });
    return {
      'content-type': 'application/json; charset=utf-8',
      accept: 'application/json',
      [CENTRE_HEADERS.key]: idempotencyKey,
      [CENTRE_HEADERS.timestamp]: String(timestampMs),
      [CENTRE_HEADERS.nonce]: nonce,
      [CENTRE_HEADERS.signature]: `v1=${createHmac('sha256', this.#options.secret).update(head).update(body).digest('hex')}`,
    };
  }
}

/** The bytes of a request. Of an evaluator no string is ever made: a string cannot be overwritten. */
function bodyOf(rating: CentreRating, evaluator: Uint8Array | undefined): Buffer {
  const text = JSON.stringify(rating);
  if (evaluator === undefined) return Buffer.from(text);
  return Buffer.concat([Buffer.from(`${text.slice(0, -1)},"evaluator":`), evaluator, CLOSING_BRACE]);
}

/** Reads a meaningless body away, so that its connection can be used again; if it cannot be, the status still counts. */
async function discard(response: Dispatcher.ResponseData): Promise<void> {
  try {
    await response.body.dump({ limit: MAX_ANSWER_BYTES });
  } catch {
    // The connection is lost with its body; the next request makes a new one.
  }
}

/** Whether the far side did answer, but nothing that can be read: too much of it, or no HTTP. */
function isNonsense(error: unknown): boolean {
  return (
    error instanceof errors.ResponseExceededMaxSizeError ||
    error instanceof errors.HeadersOverflowError ||
    error instanceof errors.HTTPParserError
  );
}

/** The code of a network fault (ECONNREFUSED, UND_ERR_SOCKET …), not its message: that may name addresses. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown fault';
}
