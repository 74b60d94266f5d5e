/**
 * Corrected time: where a terminal's monotonic clock lies on the gateway's wall clock, as an interval. A batch
 * says its mono when it was packed, so it was packed before it arrived; and it echoes the last gateway time
 * that was heard, so that was said before it was heard. Unknown stays unknown.
 */
import type { TimeClaim } from '../../protocol/index.js';
import type { Trx } from '../store/store.js';

/** How far two clocks may run apart: a crystal's worst, with room (ms per ms). */
const DRIFT = 0.0002;
/** Clocks are read in whole ms: each reading may be this much late. */
const READING_MS = 1;

export interface Interval {
  readonly lowMs: number;
  readonly highMs: number;
}

/** Learns from a batch that arrived at `receivedMs`. The tightest pair of a boot is kept. */
export async function learnTime(trx: Trx, source: string, claim: TimeClaim, receivedMs: number): Promise<void> {
  if (claim.echo === undefined || claim.echo.mono > claim.mono) return; // nothing was heard, or it was heard after it was packed
  const lowMs =
    claim.echo.gatewayTime - claim.echo.mono - READING_MS - Math.ceil((claim.mono - claim.echo.mono) * DRIFT);
  const highMs = receivedMs - claim.mono + READING_MS;
  if (highMs < lowMs) return; // the gateway's own clock stepped in between: nothing can be learned
  const known = await trx
    .selectFrom('timePair')
    .selectAll()
    .where('source', '=', source)
    .where('bootId', '=', claim.bootId)
    .executeTakeFirst();
  if (known !== undefined) {
    const age = Math.abs(claim.mono - known.monoMs) * DRIFT;
    if (known.highMs - known.lowMs + 2 * age <= highMs - lowMs) return;
  }
  const pair = { lowMs, highMs, monoMs: claim.mono };
  await trx
    .insertInto('timePair')
    .values({ source, bootId: claim.bootId, ...pair })
    .onConflict((c) => c.columns(['source', 'bootId']).doUpdateSet(pair))
    .execute();
}

/** When a moment of a terminal's boot was, by the gateway's clock; `null` where nothing is known of that boot. */
export async function correctedTime(
  trx: Trx,
  source: string,
  bootId: string,
  monoMs: number,
): Promise<Interval | null> {
  const pair = await trx
    .selectFrom('timePair')
    .selectAll()
    .where('source', '=', source)
    .where('bootId', '=', bootId)
    .executeTakeFirst();
  if (pair === undefined) return null;
  const drift = Math.ceil(Math.abs(monoMs - pair.monoMs) * DRIFT);
  return { lowMs: monoMs + pair.lowMs - drift, highMs: monoMs + pair.highMs + READING_MS + drift };
}
