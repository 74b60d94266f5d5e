/**
 * A rating that takes the place of another one at the centre. That one goes its way to the end first, so that it is
 * known whether the centre has it; then this one names what it corrects, or is sent as the first.
 */
import type { Trx } from '../store/store.js';
import type { QueuedRow } from './bare-negative.js';
import { CONTENT_COLUMNS } from './content.js';

/**
 * What is to be sent in the turn of a rating: itself, with what it really corrects, or the one before it.
 * @returns `null` where the one before it is under way, or waits for its next try.
 */
export async function inTurn<R extends QueuedRow>(trx: Trx, row: R, nowMs: number): Promise<R | QueuedRow | null> {
  let next: R | QueuedRow = row;
  while (next.corrects !== null) {
    const before = await placeOf(trx, next.corrects);
    if (before === undefined || before.state === 'delivered') return next;
    if (before.state !== 'waiting') {
      // The centre does not have it; what it was to correct in its turn may be there.
      if (before.state === 'awaiting-reason') await withdraw(trx, next.corrects);
      next = { ...next, corrects: before.corrects };
      continue;
    }
    if (before.nextAt > nowMs || before.claimedUntil > nowMs) return null;
    const content = await displacedRow(trx, next.corrects);
    if (content === undefined) return next;
    next = content;
  }
  return next;
}

function placeOf(trx: Trx, ratingId: string) {
  return trx
    .selectFrom('forward')
    .select(['state', 'nextAt', 'claimedUntil', 'corrects'])
    .where('ratingId', '=', ratingId)
    .executeTakeFirst();
}

async function withdraw(trx: Trx, ratingId: string): Promise<void> {
  await trx.updateTable('forward').set({ state: 'withdrawn' }).where('ratingId', '=', ratingId).execute();
}

/** A rating that counts no longer stands beside the others. */
function displacedRow(trx: Trx, ratingId: string): Promise<QueuedRow | undefined> {
  return trx
    .selectFrom('forward')
    .innerJoin('aside as rating', 'rating.ratingId', 'forward.ratingId')
    .innerJoin('service', 'service.serviceId', 'rating.serviceId')
    .leftJoin('press', 'press.pressId', 'rating.ratingId')
    .select(['attempts', ...CONTENT_COLUMNS])
    .where('forward.ratingId', '=', ratingId)
    .executeTakeFirst();
}
