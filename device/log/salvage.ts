/**
 * What can still be read of a log whose file the database finds damaged: the entries that were not
 * acknowledged, as far as the chain vouches for them, and what stood at the counter.
 */
import { renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { genesisHash, type Suite } from '../../protocol/index.js';
import { EMPTY_RECORD } from './counter-projection.js';
import { counterRow, READ_COUNTER_ROW, replay } from './counter-row.js';
import type { RowPlace } from './entry-chain.js';
import { PLACE } from './entry-place.js';
import type { CounterRecord } from './session-log.js';
import { vouchedEntries, type EntryRow } from './vouched-entries.js';

export interface Salvaged {
  /** Entries that were not acknowledged. */
  readonly rows: readonly EntryRow[];
  readonly record: CounterRecord;
}

interface DamagedEpoch {
  readonly id: number;
  readonly epoch: string;
  readonly ackedSeq: number;
  readonly endSeq: number;
  readonly checkpoint: string | null;
}

/** Whether the database says that its file is damaged. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** Moves a closed database with all that belongs to it. */
export function keepAside(file: string, aside: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      renameSync(file + suffix, aside + suffix);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

export function salvage(file: string, suite: Suite, source: string): Salvaged {
  let db: Database.Database | undefined;
  try {
    const open = new Database(file);
    db = open;
    const epochs =
      attempt(
        () =>
          open
            .prepare(
              'SELECT id, epoch, acked_seq AS ackedSeq, coalesce(end_seq, 9e15) AS endSeq, checkpoint FROM epoch ORDER BY id',
            )
            .all() as DamagedEpoch[],
      ) ?? [];
    const row = counterRow(attempt(() => open.prepare(READ_COUNTER_ROW).get()));
    const found = epochs.map((epoch) => {
      const afterRow = !isAfter(epoch.id, row.place)
        ? epoch.endSeq
        : epoch.id === row.place?.epochId
          ? row.place.seq
          : 0;
      const rows = readable(open, epoch, Math.min(epoch.ackedSeq, afterRow));
      const vouched = vouchedEntries(suite, hashAt(open, suite, source, epoch, (rows[0]?.seq ?? 1) - 1), rows);
      return {
        unacknowledged: vouched.filter(({ seq }) => seq > epoch.ackedSeq),
        news: vouched.filter(({ seq }) => seq > afterRow),
      };
    });
    return {
      rows: found.flatMap(({ unacknowledged }) => unacknowledged),
      record: replay(
        suite,
        row.record,
        found.flatMap(({ news }) => news),
      ),
    };
  } catch (error) {
    if (error instanceof Database.SqliteError) return { rows: [], record: EMPTY_RECORD };
    throw error;
  } finally {
    db?.close();
  }
}

/** Whether entries of an epoch were written after the counter's row; where it names no place, none were. */
function isAfter(epochId: number, place: RowPlace | null): boolean {
  return place !== null && epochId >= place.epochId;
}

/** Rows from both ends towards the damage. */
function readable(db: Database.Database, { id, endSeq }: DamagedEpoch, afterSeq: number): EntryRow[] {
  const found = new Map<number, EntryRow>();
  for (const order of ['ASC', 'DESC']) {
    attempt(() => {
      const rows = db.prepare(
        `SELECT seq, at, bytes, hash FROM entry WHERE place > ${PLACE} AND place <= ${PLACE} ORDER BY place ${order}`,
      );
      for (const row of rows.iterate(id, afterSeq, id, endSeq) as IterableIterator<EntryRow>) {
        if (found.has(row.seq)) break;
        found.set(row.seq, row);
      }
    });
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq);
}

function hashAt(
  db: Database.Database,
  suite: Suite,
  source: string,
  { id, epoch, checkpoint }: DamagedEpoch,
  seq: number,
): Uint8Array | null {
  if (seq === 0) return genesisHash(suite, source, epoch);
  const row = attempt(
    () => db.prepare(`SELECT hash FROM entry WHERE place = ${PLACE}`).get(id, seq) as { hash: Buffer } | undefined,
  );
  if (row !== undefined) return row.hash;
  const pruned = checkpoint === null ? null : (JSON.parse(checkpoint) as { seq: number; hash: string });
  return pruned?.seq === seq ? suite.base64urlDecode(pruned.hash) : null;
}

/** Reads, or finds that this part cannot be read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
