/** The gateway's port to a central system. Each profile (generic first) is one implementation. */
import type { CentreRating, ErrorCode } from '../../protocol/index.js';

/** What a try to deliver a rating came to. */
export type CentreOutcome =
  /** The centre took it now, and says so in its documented form. */
  | { readonly kind: 'accepted' }
  /** The centre has this very rating from before: as good as accepted. */
  | { readonly kind: 'already' }
  /** The centre has another rating under this key or for this case. Never a yes: quarantine and alarm (`centre-conflict`). */
  | { readonly kind: 'conflict'; readonly held: CentreRating }
  /** The centre will not have it, and would not tomorrow. `code` and `reason` are the centre's words: bounded, not trusted. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  /**
   * Nothing is known to be done; the rating is to be sent again. `retryAfterMs` is what the centre asked for, at
   * most an hour. `detail` is for the log: never content of a rating, never the centre's own text.
   */
  | {
      readonly kind: 'retry';
      readonly code: Extract<ErrorCode, 'centre-unreachable' | 'centre-garbage' | 'centre-signature'>;
      readonly retryAfterMs?: number;
      readonly detail: string;
    };

/**
 * A central system that takes ratings.
 *
 * - `deliver` resolves for whatever the far side does or leaves undone: it refuses the connection, stalls,
 *   talks nonsense, lies. It rejects only for a fault of its caller (not started, a key that no header can carry).
 * - It resolves within the implementation's time-out, whatever drips in.
 * - One call is at most one request; waiting and trying again is the caller's.
 * - The caller gives a rating the same `idempotencyKey` on every try. After `retry` the centre may or may not
 *   have the rating (the answer may have been lost); the next try then ends in `already`.
 * - `evaluator` is who was served, as the bytes of a JSON object (`centreEvaluatorSchema`): it goes with the rating and
 *   is no part of it. When the call resolves nothing of it is kept; the bytes are the caller's to overwrite.
 * - Aborting `signal` cuts the try; it resolves as `retry` with `centre-unreachable`.
 * - Calls may overlap; nothing is promised of their order.
 */
export interface Centre {
  deliver(
    rating: CentreRating,
    idempotencyKey: string,
    signal: AbortSignal,
    evaluator?: Uint8Array,
  ): Promise<CentreOutcome>;
}
