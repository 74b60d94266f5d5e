/**
 * A negative rating that says nothing of why, at a centre that refuses it so: it is held as `awaiting-reason`, and
 * counts in the hall as it is. And an evaluator's own words: they go with a rating only after their review, and what
 * went once goes the same each time.
 */
import { isBareNegative, REASON_MISSING, type Level } from '../../protocol/index.js';
import type { Trx } from '../store/store.js';
import { whyOf, type ContentRow } from './content.js';
import { suppliedOf, type Supplied } from '../core/supplied.js';

/** `appStatus` of words that may go: 1 needs no review, 2 was reviewed. */
const MAY_GO = 2;

export type QueuedRow = ContentRow & { readonly attempts: number };

/** A try of it was begun, whatever came of it. */
function wasTried({ attempts, claimedUntil }: QueuedRow): boolean {
  return attempts > 0 || claimedUntil !== 0;
}

/**
 * Whether a rating is sent as it is, or held. What was tried already is sent again the same, whatever the configuration
 * says by now: the centre may have it. Pure.
 */
export function isHeld(row: QueuedRow, { refusesBareNegative }: { readonly refusesBareNegative: boolean }): boolean {
  return refusesBareNegative && !wasTried(row) && isBareNegative({ satisfaction: row.level as Level, ...whyOf(row) });
}

/**
 * Of rows that are being claimed, those that are to be sent, with the words that go with them. The others are set
 * `awaiting-reason`, in the same transaction.
 */
export async function readyToSend<R extends QueuedRow>(
  trx: Trx,
  rows: readonly R[],
  rule: { readonly refusesBareNegative: boolean; readonly nowMs: number },
): Promise<R[]> {
  const ready: R[] = [];
  for (const row of rows) {
    const known = await withWords(trx, row);
    if (isHeld(known, rule)) {
      await awaitReason(trx, row.ratingId, rule.nowMs);
      continue;
    }
    await freeze(trx, row, known);
    ready.push(known);
  }
  return ready;
}

/**
 * The rating waits for a reason from now on, as if it had never been tried: the centre does not have it. One that counts
 * no longer waits for nothing.
 */
export async function awaitReason(trx: Trx, ratingId: string, nowMs: number): Promise<void> {
  const aside = await trx.selectFrom('aside').select('code').where('ratingId', '=', ratingId).executeTakeFirst();
  await trx
    .updateTable('forward')
    // Since when it waits: how long it may is the policy's, and may change meanwhile.
    .set({
      state: aside === undefined ? 'awaiting-reason' : 'withdrawn',
      attempts: 0,
      nextAt: nowMs,
      claimedUntil: 0,
      lastCode: REASON_MISSING,
      supplied: null,
    })
    .where('ratingId', '=', ratingId)
    .where('state', '=', 'waiting')
    .execute();
}

/** A row as it would go now. */
async function withWords<R extends QueuedRow>(trx: Trx, row: R): Promise<R> {
  const supplied = suppliedOf(row);
  // The evaluator's own words come along with the first try, or not at all.
  const own = wasTried(row) ? null : row.text;
  const commitment = supplied === null ? own : (supplied.text ?? null);
  if (commitment === null) return row;
  const words = await trx
    .selectFrom('freeText')
    .select(['text', 'appStatus'])
    .where('commitment', '=', commitment)
    .executeTakeFirst();
  const suppliedText = words !== undefined && words.appStatus <= MAY_GO ? words.text : null;
  if (supplied !== null) return { ...row, suppliedText };
  const settled: Supplied = { by: 'evaluator', ...(suppliedText === null ? {} : { text: commitment }) };
  return { ...row, suppliedText, supplied: JSON.stringify(settled) };
}

/** Keeps what goes with an evaluator's words now: reviewed later, they would make another rating of it at the centre. */
async function freeze(trx: Trx, before: QueuedRow, { supplied }: QueuedRow): Promise<void> {
  if (supplied === before.supplied) return;
  await trx.updateTable('forward').set({ supplied }).where('ratingId', '=', before.ratingId).execute();
}
