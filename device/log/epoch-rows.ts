/**
 * The rows of the epochs, which no chain vouches for: read with a doubt. What a damaged page makes of them must
 * neither hide entries that are to be sent nor send them under another name.
 */
import Database from 'better-sqlite3';
import { randomIdSchema, type EntryBody, type Suite } from '../../protocol/index.js';
import type { EpochRow } from './entry-chain.js';
import type { Promised } from './epochs.js';
import { MAX_SEQ, PLACE } from './entry-place.js';
import type { LogFile } from './log-file.js';
import { isEntryRow, readStored, type EntryRow } from './vouched-entries.js';

/** What the gateway has of an epoch: no more than the promise that stands beside it says. */
export function acknowledged(row: Pick<EpochRow, 'acked_seq' | 'promise'>): { seq: number; promise: Promised | null } {
  const promise = promiseOf(row.promise);
  const seq = Math.min(row.acked_seq, promise?.throughSeq ?? 0);
  return { seq: Number.isSafeInteger(seq) && seq > 0 ? seq : 0, promise };
}

/** @throws SqliteError `SQLITE_CORRUPT` where a row cannot be what was written: the file is damaged. */
export function checkEpochRows(file: LogFile, suite: Suite): void {
  for (const row of file.sql('SELECT * FROM epoch ORDER BY id').all() as EpochRow[]) {
    if (!isSound(row) || !agrees(file, suite, row))
      throw new Database.SqliteError(`the row of epoch ${row.id} is damaged`, 'SQLITE_CORRUPT');
  }
}

function promiseOf(text: string | null): Promised | null {
  try {
    return text === null ? null : (JSON.parse(text) as Promised);
  } catch {
    return null;
  }
}

function isSound({ epoch, acked_seq, end_seq, pruned_seq, checkpoint }: EpochRow): boolean {
  if (!randomIdSchema.safeParse(epoch).success || ![acked_seq, end_seq ?? 0, pruned_seq].every(isSeq)) return false;
  if (checkpoint === null) return pruned_seq === 0;
  try {
    return (JSON.parse(checkpoint) as EntryBody<'checkpoint'>).seq === pruned_seq;
  } catch {
    return false;
  }
}

/** Whether the first and the last entry stand where the row says, and under its name. */
function agrees(file: LogFile, suite: Suite, { id, epoch, pruned_seq }: EpochRow): boolean {
  const end = (order: 'ASC' | 'DESC') =>
    file
      .sql(
        `SELECT place & ${MAX_SEQ} AS placed, seq, at, bytes, hash FROM entry
         WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place ${order} LIMIT 1`,
      )
      .get(id, 0, id, MAX_SEQ) as (EntryRow & { placed: number }) | undefined;
  const [first, last] = [end('ASC'), end('DESC')];
  if (first === undefined || last === undefined) return true;
  if (!isEntryRow(last) || last.placed !== last.seq || first.placed !== pruned_seq + 1) return false;
  // Bytes that are no entry are the chain's matter.
  return (readStored(suite, last)?.epoch ?? epoch) === epoch;
}

function isSeq(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_SEQ;
}
