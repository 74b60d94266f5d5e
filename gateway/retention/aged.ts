/**
 * How old an entry is, when clocks cannot be relied on. A gateway that woke without a clock stamps what it takes with
 * 1978, one whose clock ran ahead with 2036; an entry is old only when everything that speaks of its time says so.
 */
import type { Db } from '../store/store.js';

/** Rows read at a time; a few milliseconds, so that no commit waits for the search. */
const STRIDE = 2_000;

export interface Aged {
  readonly cutoffMs: number;
  readonly nowMs: number;
  /** Row id of the first entry that arrived after the cutoff: what came later is younger, whatever its stamp says. */
  readonly youngFromId: number;
}

/** Finds where the young entries begin; rows are in the order of arrival. */
export async function agedBy(db: Db, cutoffMs: number, nowMs: number): Promise<Aged> {
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom('entry')
      .select(['id', 'receivedAt'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(STRIDE)
      .execute();
    const young = rows.find(({ receivedAt }) => isYoung(receivedAt, cutoffMs, nowMs));
    if (young !== undefined) return { cutoffMs, nowMs, youngFromId: young.id };
    const last = rows.at(-1);
    if (last === undefined || rows.length < STRIDE) return { cutoffMs, nowMs, youngFromId: (last?.id ?? after) + 1 };
    after = last.id;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Whether an entry is older than the cutoff, by its place among the arrivals and by its writer's own clock.
 * @param at when it was written, by its writer; `null` where its bytes do not say.
 */
export function isOld(aged: Aged, entry: { id: number; at: number | null }): boolean {
  return entry.id < aged.youngFromId && (entry.at === null || !isYoung(entry.at, aged.cutoffMs, aged.nowMs));
}

/** A time that is still to come tells nothing. */
export function isYoung(timeMs: number, cutoffMs: number, nowMs: number): boolean {
  return timeMs >= cutoffMs && timeMs <= nowMs;
}
