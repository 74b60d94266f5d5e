/**
 * What an evaluator, or a callback, said in words. It stands beside the log: the entry holds a salted commitment, so that
 * the words can be proven while they are kept, and erased without a break in the chain. Without the salt nobody can try
 * out which words a commitment is of.
 */
import { createHash, randomBytes } from 'node:crypto';
import { MAX_TEXT_LENGTH, PjqError, type EntryBody } from '../../protocol/index.js';
import type { Db, Store, Trx } from '../store/store.js';

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

/** Who passed it, as the entry names them, and when. */
export interface Review {
  readonly passed: boolean;
  readonly by: string;
  readonly nowMs: number;
}

/**
 * The outcome of the review of an evaluator's text. Passed, it may go, and the own log says so; a rating that waited for
 * a reason waits no longer. Not passed, everything stays as it is.
 * @returns whether anything passed by this.
 */
export async function reviewText(
  trx: Trx,
  { own }: Pick<Store, 'own'>,
  ratingId: string,
  { passed, by, nowMs }: Review,
): Promise<boolean> {
  if (!passed) return false;
  const rows = await trx
    .updateTable('freeText')
    .set({ appStatus: REVIEWED })
    .where('ratingId', '=', ratingId)
    .where('appStatus', '=', NOT_REVIEWED)
    .where('text', 'is not', null)
    .returning('commitment')
    .execute();
  if (rows.length === 0) return false;
  await own.appendAll(
    trx,
    'text.settled',
    rows.map(({ commitment }) => ({ commitment, outcome: 'reviewed' as const, by })),
  );
  await trx
    .updateTable('forward')
    .set({ state: 'waiting', nextAt: nowMs, lastCode: null })
    .where('ratingId', '=', ratingId)
    .where('state', '=', 'awaiting-reason')
    .execute();
  return true;
}

/** Texts that nobody has looked at, the oldest first. */
export async function unreviewedTexts(db: Db): Promise<{ ratingId: string; at: number; text: string }[]> {
  const rows = await db
    .selectFrom('freeText')
    .select(['ratingId', 'at', 'text'])
    .where('appStatus', '=', NOT_REVIEWED)
    .where('text', 'is not', null)
    .orderBy('at')
    .orderBy('ratingId')
    .execute();
  return rows.map(({ text, ...row }) => ({ ...row, text: text ?? '' }));
}

/**
 * The words of these ratings and their salts are gone for ever, and the own log says so; entry, commitment and chain stay
 * as they are.
 * @returns the ratings of which there were words.
 */
export async function eraseTexts(
  trx: Trx,
  { own }: Pick<Store, 'own'>,
  ratingIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ratingIds.length === 0) return new Set();
  const rows = await trx
    .updateTable('freeText')
    .set({ salt: null, text: null })
    .where('ratingId', 'in', ratingIds)
    .where('text', 'is not', null)
    .returning(['ratingId', 'commitment'])
    .execute();
  await own.appendAll(
    trx,
    'text.settled',
    rows.map(({ commitment }) => ({ commitment, outcome: 'erased' as const })),
  );
  return new Set(rows.map(({ ratingId }) => ratingId));
}

/** What a `text.settled` entry does to its row, when a database is made anew: what was erased stays so. */
export async function settleText(trx: Trx, { commitment, outcome }: EntryBody<'text.settled'>): Promise<void> {
  const done = outcome === 'erased' ? { salt: null, text: null } : { appStatus: REVIEWED };
  await trx.updateTable('freeText').set(done).where('commitment', '=', commitment).execute();
}
