/** The port of what seals: authenticated encryption under a key, bound to a context. */

export const SUITE_NAMES = ['aes-256-gcm', 'sm4-sm3'] as const;
export type SuiteName = (typeof SUITE_NAMES)[number];

/** Bytes of every key that a suite takes; what it needs beyond that it derives. */
export const KEY_BYTES = 32;

/**
 * - What was sealed opens under the same key and the same context, and under no other.
 * - Whatever was changed, cut, lengthened or moved to another context does not open: `evaluator-damaged`. Nothing of
 *   the text is given out before all of it is authenticated.
 * - The same text sealed twice gives different bytes; they tell no more of it than its length.
 */
export interface SealSuite {
  readonly name: SuiteName;
  /** @param context what the sealed bytes belong to; not secret, not stored with them. */
  seal(key: Uint8Array, text: Uint8Array, context: string): Uint8Array;
  /** @throws PjqError `evaluator-damaged`. */
  open(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array;
}
