/**
 * What can still be read of a log whose file the database finds damaged: the entries that were not
 * acknowledged, as far as the chain vouches for them, and what stood at the counter.
 */
import { renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { genesisHash, randomIdSchema, type EntryBody, type Suite } from '../../protocol/index.js';
import { EMPTY_RECORD } from './counter-projection.js';
import { counterRow, READ_COUNTER_ROW, replay, ROW_BEHIND_ENTRIES } from './counter-row.js';
import type { EpochRow, RowPlace } from './entry-chain.js';
import { MAX_SEQ, PLACE } from './entry-place.js';
import { acknowledged } from './epoch-rows.js';
import type { NotedHead } from './head-note.js';
import { lostBetween, type LostRange } from './lost-entries.js';
import type { CounterRecord } from './session-log.js';
import { isEntryRow, readStored, vouchedEntries, type EntryRow } from './vouched-entries.js';

export interface Salvaged {
  /** Entries that were not acknowledged. */
  readonly rows: readonly EntryRow[];
  readonly record: CounterRecord;
  /** Where the damaged chain ended, as far as anybody knows. */
  readonly ancestor: EntryBody<'epoch'>['ancestor'];
  /** What was not acknowledged and cannot be read: at most these. */
  readonly lost: readonly LostRange[];
}

interface DamagedEpoch {
  readonly id: number;
  readonly epoch: string;
  readonly ackedSeq: number;
  readonly endSeq: number;
  readonly live: boolean;
  readonly checkpoint: string | null;
}

/** Whether the database says that its file is damaged, or a row of it holds what nobody wrote. */
export function isDamage(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
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

/** @param noted where the log ended by the note beside it, if there is one. */
export function salvage(file: string, suite: Suite, source: string, noted: NotedHead | null): Salvaged {
  const byNote = noted === null ? null : { epoch: noted.epoch, seq: noted.seq, hash: noted.hash };
  const lostByNote = noted === null ? [] : lostBetween(noted.epoch, noted.ackedSeq + 1, noted.seq, []);
  let db: Database.Database | undefined;
  try {
    const open = new Database(file);
    db = open;
    const epochs = epochsOf(open, suite, noted);
    const row = attempt(() => counterRow(open.prepare(READ_COUNTER_ROW).get())) ?? counterRow(undefined);
    const found = epochs.map((epoch) => {
      const afterRow = !isAfter(epoch.id, row.place)
        ? epoch.endSeq
        : epoch.id === row.place?.epochId
          ? row.place.seq
          : 0;
      const rows = readable(open, epoch, Math.min(epoch.ackedSeq, afterRow));
      const vouched = vouchedEntries(suite, hashAt(open, suite, source, epoch, (rows[0]?.seq ?? 1) - 1), rows);
      const unacknowledged = vouched.filter(({ seq }) => seq > epoch.ackedSeq);
      const rowSeq = row.place?.epochId === epoch.id ? row.place.seq : null;
      const through = epoch.live ? endOf(epoch, rows, rowSeq, noted) : epoch.endSeq;
      const held = unacknowledged.map(({ seq }) => seq);
      return {
        unacknowledged,
        news: vouched.filter(({ seq }) => seq > afterRow),
        lost: lostBetween(epoch.epoch, epoch.ackedSeq + 1, through, held),
        head: epoch.live ? headOf(suite, epoch, vouched) : null,
      };
    });
    const named = noted === null || epochs.some(({ epoch }) => epoch === noted.epoch);
    return {
      ancestor: byNote ?? found.at(-1)?.head ?? null,
      lost: [...found.flatMap(({ lost }) => lost), ...(named ? [] : lostByNote)],
      rows: found.flatMap(({ unacknowledged }) => unacknowledged),
      record: replay(
        suite,
        row.record,
        found.flatMap(({ news }) => news),
      ),
    };
  } catch (error) {
    if (error instanceof Database.SqliteError)
      return { rows: [], record: EMPTY_RECORD, ancestor: byNote, lost: lostByNote };
    throw error;
  } finally {
    db?.close();
  }
}

/** The epochs as their rows say, but for what the entries and the note know better: no chain vouches for those rows. */
function epochsOf(db: Database.Database, suite: Suite, noted: NotedHead | null): DamagedEpoch[] {
  const rows = attempt(() => db.prepare('SELECT * FROM epoch ORDER BY id').all() as EpochRow[]) ?? [];
  return rows.flatMap((row) => {
    const epoch = nameIn(db, suite, row.id) ?? (isRandomId(row.epoch) ? row.epoch : undefined);
    if (epoch === undefined) return [];
    const mine = noted?.epoch === epoch;
    const live = mine || !Number.isInteger(row.end_seq);
    const ackedSeq = mine ? noted.ackedSeq : acknowledged(row).seq;
    return [
      { id: row.id, epoch, ackedSeq, endSeq: live ? MAX_SEQ : Number(row.end_seq), live, checkpoint: row.checkpoint },
    ];
  });
}

/** What the last readable entry of an epoch calls it. */
function nameIn(db: Database.Database, suite: Suite, id: number): string | undefined {
  return attempt(() => {
    const rows = db.prepare(
      `SELECT seq, at, bytes, hash FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place DESC LIMIT 20`,
    );
    for (const row of rows.iterate(id, 0, id, MAX_SEQ) as IterableIterator<EntryRow>) {
      const epoch = isEntryRow(row) ? readStored(suite, row)?.epoch : undefined;
      if (epoch !== undefined) return epoch;
    }
    return undefined;
  });
}

function isRandomId(value: unknown): value is string {
  return randomIdSchema.safeParse(value).success;
}

/**
 * Where the live epoch ended: by the note where there is one; else as far as anything was read, and where the
 * counter's row stands further on, as far beyond that as it may be behind.
 */
function endOf(
  { epoch, ackedSeq }: DamagedEpoch,
  rows: readonly EntryRow[],
  rowSeq: number | null,
  noted: NotedHead | null,
) {
  const read = rows.at(-1)?.seq ?? 0;
  if (noted?.epoch === epoch) return Math.max(read, noted.seq);
  return Math.max(ackedSeq, read, rowSeq === null || rowSeq <= read ? 0 : rowSeq + ROW_BEHIND_ENTRIES);
}

function headOf(suite: Suite, { epoch }: DamagedEpoch, vouched: readonly EntryRow[]): Salvaged['ancestor'] {
  const last = vouched.at(-1);
  return last === undefined ? null : { epoch, seq: last.seq, hash: suite.base64urlEncode(last.hash) };
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
        if (isEntryRow(row)) found.set(row.seq, row);
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
  if (Buffer.isBuffer(row?.hash)) return row.hash;
  const pruned =
    checkpoint === null ? undefined : attempt(() => JSON.parse(checkpoint) as { seq: number; hash: string });
  return pruned?.seq === seq ? suite.base64urlDecode(pruned.hash) : null;
}

/** Reads, or finds that this part cannot be read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
