/** What an answer of the generic centre means for the rating that was sent. Pure. */
import { centreAnswerSchema, sameCentreRating, type CentreAnswer, type CentreRating } from '../../protocol/index.js';
import type { CentreOutcome } from './centre-port.js';

/** A centre that asks for more is asked again after this all the same: it may have meant another unit. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** Statuses that say "not now" whatever else is in the answer (RFC 9110 §15.5.9, RFC 6585 §4, RFC 9110 §15.6). */
export function saysLater(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** The outcome of a `saysLater` status; its body means nothing. */
export function laterOutcome(status: number, retryAfter: string | undefined, nowMs: number): CentreOutcome {
  const retryAfterMs = parseRetryAfter(retryAfter, nowMs);
  return {
    kind: 'retry',
    code: 'centre-unreachable',
    detail: `status ${status}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The outcome of any other status. */
export function readAnswer(status: number, body: Uint8Array, sent: CentreRating): CentreOutcome {
  const answer = parseAnswer(body);
  if (status === 401) {
    // Secret or clock: mended by people, and then every rating goes. So it is never a refusal of this one.
    const code = answer?.outcome === 'refused' && /^[a-z-]{1,30}$/.test(answer.code) ? ` (${answer.code})` : '';
    return { kind: 'retry', code: 'centre-signature', detail: `status 401${code}` };
  }
  if (answer?.outcome === 'already') {
    // "Have it" is a yes only for the very rating that was sent, whatever the status says (I2).
    return sameCentreRating(answer.held, sent) ? { kind: 'already' } : { kind: 'conflict', held: answer.held };
  }
  if (answer?.outcome === 'accepted' && status >= 200 && status < 300 && answer.ratingId === sent.ratingId)
    return { kind: 'accepted' };
  if (answer?.outcome === 'refused' && status >= 400)
    return { kind: 'refused', code: answer.code, reason: answer.reason };
  const what = answer === null ? 'an undocumented body' : `an answer "${answer.outcome}" that does not fit`;
  return { kind: 'retry', code: 'centre-garbage', detail: `status ${status}, ${what} of ${body.length} bytes` };
}

function parseAnswer(body: Uint8Array): CentreAnswer | null {
  try {
    // Fatal: a `held` in another encoding must read as garbage, not as a rating that differs from ours.
    return (
      centreAnswerSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))).data ?? null
    );
  } catch {
    // The parser's message would quote the body, which may hold a level.
    return null;
  }
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3) as ms from now, 0 to an hour; `undefined` when it is neither. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * 1000
    : /^[A-Z][a-z]{2}.* GMT$/.test(text)
      ? Date.parse(text) - nowMs
      : Number.NaN;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, waitMs));
}
