/**
 * When the slips of the last days were printed, as the terminals' logs tell it: read entry by entry as they come, since
 * no table has it. Only what is needed to tell whether a code was used at once; it can be read again at any time.
 */
import { parseEntry, readBody, type Suite } from '../../protocol/index.js';
import type { PrintedSlip } from '../core/misuse-rules.js';
import { TimePairs } from '../ingest/corrected-time.js';
import type { Db, Store, Trx } from '../store/store.js';

/** Entries looked through at a time, so that no commit waits for it. */
const STRIDE = 2_000;

export type SlipTime = Omit<PrintedSlip, 'window'>;

export class PrintedSlips {
  readonly #store: Pick<Store, 'db'>;
  readonly #suite: Suite;
  #throughId: number | undefined;
  #slips = new Map<string, SlipTime>();

  constructor(store: Pick<Store, 'db'>, suite: Suite) {
    this.#store = store;
    this.#suite = suite;
  }

  /** Reads what came since the last time. @returns the first slip of each service, of those printed from `sinceMs` on. */
  async read(sinceMs: number, isStopped: () => boolean): Promise<SlipTime[]> {
    const { db } = this.#store;
    const { last } = await db
      .selectFrom('entry')
      .select((e) => e.fn.max('id').as('last'))
      .executeTakeFirstOrThrow();
    let through = this.#throughId ?? (await lastIdBefore(db, sinceMs, last ?? 0));
    while (through < (last ?? 0) && !isStopped()) {
      const from = through;
      await db.transaction().execute((trx) => this.#stride(trx, from));
      through += STRIDE;
      this.#throughId = Math.min(through, last ?? 0);
    }
    for (const [serviceId, { fromMs }] of this.#slips) if (fromMs < sinceMs) this.#slips.delete(serviceId);
    return [...this.#slips.values()];
  }

  async #stride(trx: Trx, after: number): Promise<void> {
    const rows = await trx
      .selectFrom('entry')
      .innerJoin('epoch', 'epoch.id', 'entry.epochId')
      .select(['entry.bytes', 'epoch.source'])
      .where('entry.id', '>', after)
      .where('entry.id', '<=', after + STRIDE)
      .where('entry.kind', '=', 'receipt')
      .orderBy('entry.id')
      .execute();
    const printed = rows.flatMap(({ bytes, source }) => this.#printed(bytes, source));
    const times = new TimePairs();
    await times.load(
      trx,
      printed.map(({ source, bootId }) => [source, bootId] as const),
    );
    for (const { serviceId, source, bootId, mono } of printed) {
      // Where nobody knows when it was, nothing is said of it.
      const fromMs = times.correct(source, bootId, mono)?.lowMs;
      if (fromMs !== undefined && !this.#slips.has(serviceId))
        this.#slips.set(serviceId, { serviceId, terminal: source.slice(source.indexOf('/') + 1), fromMs });
    }
  }

  #printed(bytes: Uint8Array, source: string) {
    try {
      const entry = parseEntry(this.#suite, bytes);
      const { serviceId, state } = readBody(entry, 'receipt');
      return state === 'printed' ? [{ serviceId, source, bootId: entry.bootId, mono: entry.mono }] : [];
    } catch {
      // It stands in quarantine.
      return [];
    }
  }
}

/** The last entry that came before a moment; entries stand in the order in which they came. */
async function lastIdBefore(db: Db, sinceMs: number, last: number): Promise<number> {
  let [low, high] = [0, last];
  while (low < high) {
    const middle = Math.floor((low + high) / 2) + 1;
    const row = await db
      .selectFrom('entry')
      .select('receivedAt')
      .where('id', '>=', middle)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined && row.receivedAt < sinceMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
