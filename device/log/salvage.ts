/**
 * What can still be read of a log whose file the database finds damaged: the entries that were not
 * acknowledged, as far as the chain vouches for them, and what stood at the counter.
 */
import Database from 'better-sqlite3';
import { genesisHash, type Suite } from '../../protocol/index.js';
import { vouchedEntries, type EntryRow } from './vouched-entries.js';

export interface Salvaged {
  readonly rows: readonly EntryRow[];
  /** JSON of the counter's record; `null` where it could not be read. */
  readonly record: string | null;
}

interface DamagedEpoch { readonly id: number; readonly epoch: string; readonly ackedSeq: number; readonly endSeq: number }

export function salvage(file: string, suite: Suite, source: string): Salvaged {
  let db: Database.Database | undefined;
  try {
    const open = new Database(file);
    db = open;
    const epochs = attempt(() => open.prepare(
      'SELECT id, epoch, acked_seq AS ackedSeq, coalesce(end_seq, 9e15) AS endSeq FROM epoch ORDER BY id').all() as DamagedEpoch[]) ?? [];
    const record = attempt(() => open.prepare('SELECT record FROM counter WHERE id = 1').get() as { record: string } | undefined);
    return {
      rows: epochs.flatMap((epoch) => vouchedEntries(suite, hashBefore(open, suite, source, epoch), readable(open, epoch))),
      record: record?.record ?? null,
    };
  } catch (error) {
    if (error instanceof Database.SqliteError) return { rows: [], record: null };
    throw error;
  } finally {
    db?.close();
  }
}

/** Rows from both ends towards the damage. */
function readable(db: Database.Database, { id, ackedSeq, endSeq }: DamagedEpoch): EntryRow[] {
  const found = new Map<number, EntryRow>();
  for (const order of ['ASC', 'DESC']) {
    attempt(() => {
      const rows = db.prepare(`SELECT seq, at, bytes, hash FROM entry WHERE epoch_id = ? AND seq > ? AND seq <= ? ORDER BY seq ${order}`);
      for (const row of rows.iterate(id, ackedSeq, endSeq) as IterableIterator<EntryRow>) {
        if (found.has(row.seq)) break;
        found.set(row.seq, row);
      }
    });
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq);
}

function hashBefore(db: Database.Database, suite: Suite, source: string, { id, epoch, ackedSeq }: DamagedEpoch): Uint8Array | null {
  if (ackedSeq === 0) return genesisHash(suite, source, epoch);
  const row = attempt(() => db.prepare('SELECT hash FROM entry WHERE epoch_id = ? AND seq = ?').get(id, ackedSeq) as { hash: Buffer } | undefined);
  return row?.hash ?? null;
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
