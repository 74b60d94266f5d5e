/**
 * What an evaluator, or a callback, said in words. It stands beside the log: the entry holds a salted commitment, so that
 * the words can be proven while they are kept, and erased without a break in the chain. Without the salt nobody can try
 * out which words a commitment is of.
 */
import { createHash, randomBytes } from 'node:crypto';
import { MAX_TEXT_LENGTH, PjqError } from '../../protocol/index.js';
import type { Trx } from '../store/store.js';

/** `appStatus` of the national list. 1, no review needed, is given to nothing here. */
const REVIEWED = 2;
const NOT_REVIEWED = 3;
const SALT_BYTES = 16;

/** Control characters, line and paragraph separators, and halves of characters. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** SHA-256 of the salt and the UTF-8 bytes of the text, base64url without padding: 43 characters. */
export function commitmentOf(salt: Uint8Array, text: string): string {
  return createHash('sha256').update(salt).update(text, 'utf8').digest('base64url');
}

/**
 * Keeps a text of a rating. It goes nowhere until it has passed its review; the words of a callback were read by whoever
 * wrote them down, and count as reviewed.
 * @returns the commitment, for the entry that is written in the same transaction.
 * @throws PjqError `text-refused`.
 */
export async function keepText(
  trx: Trx,
  ratingId: string,
  text: string,
  { nowMs, reviewed = false }: { readonly nowMs: number; readonly reviewed?: boolean },
): Promise<string> {
  // Its words are in no error: they may be a person's.
  if (text.trim() === '' || text.length > MAX_TEXT_LENGTH || UNFIT.test(text)) throw new PjqError('text-refused');
  const salt = randomBytes(SALT_BYTES);
  const commitment = commitmentOf(salt, text);
  const appStatus = reviewed ? REVIEWED : NOT_REVIEWED;
  await trx.insertInto('freeText').values({ ratingId, commitment, salt, text, appStatus, at: nowMs }).execute();
  return commitment;
}

/**
 * The outcome of the review of an evaluator's text. Passed, it may go; a rating that waited for a reason waits no longer.
 * Not passed, everything stays as it is.
 */
export async function reviewText(trx: Trx, ratingId: string, passed: boolean, nowMs: number): Promise<void> {
  if (!passed) return;
  const { numUpdatedRows } = await trx
    .updateTable('freeText')
    .set({ appStatus: REVIEWED })
    .where('ratingId', '=', ratingId)
    .where('appStatus', '=', NOT_REVIEWED)
    .where('text', 'is not', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await trx
    .updateTable('forward')
    .set({ state: 'waiting', nextAt: nowMs, lastCode: null })
    .where('ratingId', '=', ratingId)
    .where('state', '=', 'awaiting-reason')
    .execute();
}

/** Words and salt are gone for ever; entry, commitment and chain stay as they are. */
export async function eraseText(trx: Trx, ratingId: string): Promise<void> {
  await trx.updateTable('freeText').set({ salt: null, text: null }).where('ratingId', '=', ratingId).execute();
}
