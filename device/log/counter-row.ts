/**
 * What stands at the counter, kept as a row so that a start need not read the whole log. A press is the one thing
 * that a citizen waits for, so it does not write the row: the row names the entry that it stands for, and the
 * entries after that are read again.
 */
import { entryBodies, isKnownKind, type Suite } from '../../protocol/index.js';
import { EMPTY_RECORD, project } from './counter-projection.js';
import type { RowPlace } from './entry-chain.js';
import type { LogFile } from './log-file.js';
import type { CounterRecord, Draft } from './session-log.js';
import { readStored, type EntryRow } from './vouched-entries.js';

/** A row at most so many entries behind: what a start reads again. Only presses of one session may add to it. */
export const ROW_BEHIND_ENTRIES = 200;

export interface CounterRow {
  readonly record: CounterRecord;
  /** The entry it stands for; `null` where an older version wrote it, which did so at every change. */
  readonly place: RowPlace | null;
}

interface StoredRow {
  readonly record: string;
  readonly epoch_id?: number | null;
  readonly seq?: number | null;
}

/** The row as it is stored, also in the schema before `epoch_id` and `seq`. */
export const READ_COUNTER_ROW = 'SELECT * FROM counter WHERE id = 1';

/** @param stored what `READ_COUNTER_ROW` answered. */
export function counterRow(stored: unknown): CounterRow {
  if (stored === undefined) return { record: EMPTY_RECORD, place: null };
  const { record, epoch_id: epochId, seq } = stored as StoredRow;
  return {
    record: JSON.parse(record) as CounterRecord,
    place: epochId == null || seq == null ? null : { epochId, seq },
  };
}

export function writeCounterRow(file: LogFile, record: CounterRecord, place: RowPlace): void {
  file
    .sql(
      `INSERT INTO counter (id, record, epoch_id, seq) VALUES (1, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET record = excluded.record, epoch_id = excluded.epoch_id, seq = excluded.seq`,
    )
    .run(JSON.stringify(record), place.epochId, place.seq);
}

/** Whether an append of `drafts` that leaves `record` and ends at `head` has to bring the row up to date. */
export function rowIsDue(drafts: readonly Draft[], record: CounterRecord, head: RowPlace, row: CounterRow): boolean {
  if (row.place === null) return true;
  if (drafts.every(({ kind }) => kind === 'press')) return false;
  return record !== row.record || head.epochId !== row.place.epochId || head.seq - row.place.seq >= ROW_BEHIND_ENTRIES;
}

/**
 * Entries in order, read onto a record. Reading some again that the record knows changes nothing: of duty, pause,
 * opening, press and closing only the last counts. Copies of earlier entries (`re`) are not news.
 */
export function replay(suite: Suite, record: CounterRecord, rows: readonly EntryRow[]): CounterRecord {
  return rows.reduce((before, row) => {
    const entry = readStored(suite, row);
    if (entry === null || entry.re !== undefined || !isKnownKind(entry.kind)) return before;
    const { kind, body, at, mono, bootId } = entry;
    const known = entryBodies[kind].safeParse(body);
    if (!known.success) return before;
    return project(before, { kind, body: known.data } as Draft, { at, mono, bootId });
  }, record);
}
