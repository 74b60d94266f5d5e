/** How the simulated centre judges one request to /ratings: its checks in their order, then the ledger. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  CENTRE_HEADERS,
  CENTRE_MAX_SKEW_MS,
  centreRequestSchema,
  centreSigningText,
  isBareNegative,
  REASON_MISSING,
  type CentreAnswer,
  type CentreEvaluator,
  type CentreRating,
} from '../../protocol/index.js';
import type { Ledger } from './ledger.js';

export const MAX_REQUEST_BYTES = 64 * 1024;

export interface RatingRequest {
  readonly method: string;
  /** As it stands in the request line; the signature covers it. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `null` when it was longer than MAX_REQUEST_BYTES. */
  readonly body: Uint8Array | null;
}

/** Status and body of the answer. */
export interface Verdict {
  readonly status: number;
  readonly answer: CentreAnswer;
}

/** What one centre demands and another does not. */
export interface Demands {
  /** A negative rating must say why: by reasons, or in words. */
  readonly refusesBareNegative: boolean;
}

/** Judges a request. When it returns, what the verdict says is on the disk. */
export function judgeRequest(
  request: RatingRequest,
  ledger: Ledger,
  secret: string,
  nowMs: number,
  { refusesBareNegative }: Demands,
): Verdict {
  const { body } = request;
  if (body === null) return refused(413, 'too-large', `A request is at most ${MAX_REQUEST_BYTES} bytes.`);
  const signed = readSignedHeaders(request, body, secret);
  if (signed === null) return refused(401, 'signature', 'The signature is missing or wrong.');
  if (Math.abs(nowMs - signed.timestampMs) > CENTRE_MAX_SKEW_MS) {
    return refused(401, 'skew', `The timestamp is more than ${CENTRE_MAX_SKEW_MS} ms off the clock of the centre.`);
  }
  return ledger.atomically(() => {
    // Until its timestamp is too old by itself, the same request must be known as seen.
    if (!ledger.spendNonce(signed.nonce, signed.timestampMs + CENTRE_MAX_SKEW_MS, nowMs)) {
      return refused(401, 'replay', 'The nonce was used before.');
    }
    const request = parseRequest(body);
    if (request === null) return refused(422, 'malformed', 'The body is not a rating of the documented form.');
    const { rating, evaluator } = request;
    if (signed.idempotencyKey === '')
      return refused(400, 'idempotency-key-missing', 'The header Idempotency-Key is missing.');
    if (refusesBareNegative && isBareNegative(rating))
      return refused(422, REASON_MISSING, '差评必须勾选详情或填写文字评价');
    const taking = ledger.take(rating, signed.idempotencyKey, nowMs, evaluator);
    if (taking.kind === 'accepted') return { status: 201, answer: { outcome: 'accepted', ratingId: rating.ratingId } };
    return { status: taking.same ? 200 : 409, answer: { outcome: 'already', held: taking.held } };
  });
}

interface SignedHeaders {
  readonly timestampMs: number;
  readonly nonce: string;
  /** Empty when there is none: the signature then covers the empty text. */
  readonly idempotencyKey: string;
}

/** The headers that the signature covers, or `null` when they, or it, are missing or wrong. */
function readSignedHeaders(request: RatingRequest, body: Uint8Array, secret: string): SignedHeaders | null {
  const header = (name: string): string => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const timestamp = header(CENTRE_HEADERS.timestamp);
  const nonce = header(CENTRE_HEADERS.nonce);
  const idempotencyKey = header(CENTRE_HEADERS.key);
  if (!/^[1-9]\d{0,14}$/.test(timestamp) || !/^[\x21-\x7e]{1,128}$/.test(nonce) || idempotencyKey.length > 200)
    return null;
  const timestampMs = Number(timestamp);
  const head = centreSigningText({
    method: request.method,
    path: request.path,
    timestampMs,
    nonce,
    idempotencyKey,
    body: '',
  });
  // The body is the last part of the text; its bytes are taken as they came, so that no decoding stands between.
  const expected = Buffer.from(`v1=${createHmac('sha256', secret).update(head).update(body).digest('hex')}`);
  const given = Buffer.from(header(CENTRE_HEADERS.signature));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return { timestampMs, nonce, idempotencyKey };
}

function parseRequest(body: Uint8Array): { rating: CentreRating; evaluator?: CentreEvaluator } | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    const { data } = centreRequestSchema.safeParse(value);
    if (data === undefined) return null;
    const { evaluator, ...rating } = data;
    return evaluator === undefined ? { rating } : { rating, evaluator };
  } catch {
    // Neither text nor JSON. The sender is told the same as for JSON of another form.
    return null;
  }
}

function refused(status: number, code: string, reason: string): Verdict {
  return { status, answer: { outcome: 'refused', code, reason } };
}
