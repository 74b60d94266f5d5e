/** Hands messages to a provider: one JSON request each, over HTTP. */
import { Pool } from 'undici';
import type { SmsMessage, SmsOutcome, SmsSender } from './sms-port.js';

export interface HttpSmsOptions {
  /** Whole address of the provider's door. */
  readonly url: string;
  /** Shown as a bearer token. */
  readonly secret: string;
  /** From the call to the end of the answer. */
  readonly timeoutMs: number;
}

/** The answer's status says all; of its body so much is read away. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Longest wait that a provider may ask for. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Faults by which the request cannot have left: no address, no way, nobody there, nobody who proves who he is. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|ERR_SSL_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

export class HttpSms implements SmsSender {
  readonly #options: HttpSmsOptions;
  readonly #pool: Pool;
  readonly #path: string;

  constructor(options: HttpSmsOptions) {
    const { origin, pathname, search } = new URL(options.url);
    this.#options = options;
    this.#path = `${pathname}${search}`;
    this.#pool = new Pool(origin, {
      connections: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: Math.min(5_000, options.timeoutMs) },
      maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  async send({ messageId, phone, template, parameters }: SmsMessage): Promise<SmsOutcome> {
    const cut = new AbortController();
    const deadline = setTimeout(() => cut.abort(), this.#options.timeoutMs);
    try {
      const { statusCode, headers, body } = await this.#pool.request({
        method: 'POST',
        path: this.#path,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          authorization: `Bearer ${this.#options.secret}`,
          'idempotency-key': messageId,
        },
        body: JSON.stringify({ messageId, phone, template, parameters }),
        // A kept connection may end just when a message is written to it, and then nobody knows whether it left.
        reset: true,
        signal: cut.signal,
      });
      // If it cannot be read to its end, the status still counts.
      await body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => undefined);
      return outcomeOf(statusCode, headers['retry-after']);
    } catch (error) {
      const why = cut.signal.aborted ? `no answer within ${this.#options.timeoutMs} ms` : codeOf(error);
      return BEFORE_SENDING.test(why)
        ? { kind: 'retry', code: 'sms-unreachable', detail: why }
        : { kind: 'unsure', code: 'sms-unsure', detail: why };
    } finally {
      clearTimeout(deadline);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/**
 * 2xx: taken; 409: it has this message already. 400, 404 … of the message itself are final; whoever does not let us in
 * (401, 403), is not there (404, 405, 3xx), or has no time (429, 503) has taken nothing. A door that breaks down (500)
 * may have taken it before.
 */
function outcomeOf(status: number, retryAfter: string | string[] | undefined): SmsOutcome {
  const detail = `status ${status}`;
  if ((status >= 200 && status < 300) || status === 409) return { kind: 'sent' };
  if (status === 429 || status === 503) {
    const seconds = Number(retryAfter);
    const asked =
      Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds * 1_000, MAX_RETRY_AFTER_MS) } : {};
    return { kind: 'retry', code: 'sms-unreachable', ...asked, detail };
  }
  if (status < 400 || [401, 403, 404, 405, 407].includes(status))
    return { kind: 'retry', code: 'sms-unreachable', detail };
  if (status < 500 && status !== 408) return { kind: 'failed', code: 'sms-refused', detail };
  return { kind: 'unsure', code: 'sms-unsure', detail };
}

/** The code of a network fault, not its message: that may name what was sent. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown fault';
}
