/**
 * Corrected time: where a terminal's monotonic clock lies on the gateway's wall clock, as an interval. A batch
 * says its mono when it was packed, so it was packed before it arrived; and it echoes the last gateway time
 * that was heard, so that was said before it was heard. Unknown stays unknown.
 */
import type { TimeClaim } from '../../protocol/index.js';
import { insertMany, selectMany } from '../store/bulk.js';
import type { TimePairTable } from '../store/schema.js';
import type { Trx } from '../store/store.js';

/** How far two clocks may run apart: a crystal's worst, with room (ms per ms). */
const DRIFT = 0.0002;
/** Clocks are read in whole ms: each reading may be this much late. */
const READING_MS = 1;

export interface Interval {
  readonly lowMs: number;
  readonly highMs: number;
}

/** What a batch that arrived at `receivedMs` said of the time. */
export interface HeardTime {
  readonly claim: TimeClaim;
  readonly receivedMs: number;
}

const COLUMNS = ['source', 'bootId', 'lowMs', 'highMs', 'monoMs'] as const;
const KEY = ['source', 'bootId'] as const;

/** The pairs of some boots within a transaction: loaded, learned, and written at its end. */
export class TimePairs {
  readonly #pairs = new Map<string, TimePairTable | null>();
  readonly #changed = new Set<string>();

  /** Makes the pairs of boots known; each must be, before it is learned or asked for. */
  async load(trx: Trx, boots: readonly (readonly [source: string, bootId: string])[]): Promise<void> {
    const missing = new Map(
      boots.map((boot) => [boot.join(' '), boot] as const).filter(([key]) => !this.#pairs.has(key)),
    );
    for (const key of missing.keys()) this.#pairs.set(key, null);
    for (const row of await selectMany(trx, 'timePair', COLUMNS, KEY, [...missing.values()]))
      this.#pairs.set(`${row.source} ${row.bootId}`, row);
  }

  /** The tightest pair of a boot is kept. */
  learn(source: string, { claim, receivedMs }: HeardTime): void {
    if (claim.echo === undefined || claim.echo.mono > claim.mono) return; // nothing was heard, or it was heard after it was packed
    const lowMs =
      claim.echo.gatewayTime - claim.echo.mono - READING_MS - Math.ceil((claim.mono - claim.echo.mono) * DRIFT);
    const highMs = receivedMs - claim.mono + READING_MS;
    if (highMs < lowMs) return; // the gateway's own clock stepped in between: nothing can be learned
    const key = `${source} ${claim.bootId}`;
    const known = this.#pairs.get(key);
    if (known != null) {
      const age = Math.abs(claim.mono - known.monoMs) * DRIFT;
      if (known.highMs - known.lowMs + 2 * age <= highMs - lowMs) return;
    }
    this.#pairs.set(key, { source, bootId: claim.bootId, lowMs, highMs, monoMs: claim.mono });
    this.#changed.add(key);
  }

  /** When a moment of a terminal's boot was, by the gateway's clock; `null` where nothing is known of that boot. */
  correct(source: string, bootId: string, monoMs: number): Interval | null {
    const pair = this.#pairs.get(`${source} ${bootId}`);
    if (pair == null) return null;
    const drift = Math.ceil(Math.abs(monoMs - pair.monoMs) * DRIFT);
    return { lowMs: monoMs + pair.lowMs - drift, highMs: monoMs + pair.highMs + READING_MS + drift };
  }

  async write(trx: Trx): Promise<void> {
    const rows = [...this.#changed].map((key) => {
      const { source, bootId, lowMs, highMs, monoMs } = this.#pairs.get(key) as TimePairTable;
      return [source, bootId, lowMs, highMs, monoMs];
    });
    this.#changed.clear();
    await insertMany(trx, 'timePair', COLUMNS, rows, { key: KEY, update: ['lowMs', 'highMs', 'monoMs'] });
  }
}
