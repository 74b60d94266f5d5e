/** What stands of acts of rating, by their ids. */
import type { AsideCode } from '../core/rating/judge-act.js';
import { selectMany } from '../store/bulk.js';
import type { Trx } from '../store/store.js';

export interface ActRow {
  readonly ratingId: string;
  readonly serviceId: string;
  readonly channel: string;
  readonly at: number;
  /** 0: nobody knows whether it was the one who was served. */
  readonly verified: number | null;
  /** Why it is kept aside; null where it counts. */
  readonly code: AsideCode | null;
}

const ACT = ['ratingId', 'serviceId', 'channel', 'at', 'verified'] as const;

export async function actsById(trx: Trx, ids: readonly string[]): Promise<ReadonlyMap<string, ActRow>> {
  const acts = new Map<string, ActRow>();
  for (const row of await selectMany(trx, 'rating', ACT, ['ratingId'], keys(ids)))
    acts.set(row.ratingId, { ...row, code: null });
  const others = ids.filter((id) => !acts.has(id));
  for (const row of await selectMany(trx, 'aside', [...ACT, 'code'], ['ratingId'], keys(others)))
    acts.set(row.ratingId, { ...row, code: row.code as AsideCode });
  return acts;
}

/** Which of some ids are those of presses at a terminal. */
export async function pressesById(trx: Trx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await selectMany(trx, 'press', ['pressId'], ['pressId'], keys(ids));
  return new Set(rows.map(({ pressId }) => pressId));
}

function keys(ids: readonly string[]): [string][] {
  return ids.map((id) => [id]);
}
