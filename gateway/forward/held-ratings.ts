/**
 * Ratings by another way than the terminal wait for the terminal's log, which may hold an earlier act. Not for ever: a
 * terminal may be lost.
 */
import { HELD, UNTIL_KNOWN } from '../store/forward-places.js';
import type { Trx } from '../store/store.js';

/**
 * Lets go on what is held no longer: its hours are over, or a clock that was set back made them longer than they are.
 * @param longestMs how long one is held at most.
 */
export async function freeHeld(trx: Trx, nowMs: number, longestMs: number): Promise<void> {
  const held = () =>
    trx
      .selectFrom('forward')
      .select('ratingId')
      .where(HELD)
      // What is held until its service is known waits for no hours.
      .where('nextAt', '<', UNTIL_KNOWN)
      .where((e) => e.or([e('nextAt', '<=', nowMs), e('nextAt', '>', nowMs + longestMs)]));
  if ((await held().limit(1).executeTakeFirst()) === undefined) return;
  await trx.updateTable('forward').set({ state: 'waiting', nextAt: nowMs }).where('ratingId', 'in', held()).execute();
}
