/**
 * Which stored entries their own chain vouches for. One that was changed would look like any other in a new
 * chain, so nothing else is ever appended again.
 */
import { nextHash, parseEntry, type Entry, type Suite } from '../../protocol/index.js';

export interface EntryRow {
  readonly seq: number;
  readonly at: number;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

/** Whether a row is one: on a damaged page a column can be of any type, whatever its table says. */
export function isEntryRow(row: EntryRow): boolean {
  return Number.isInteger(row.seq) && Buffer.isBuffer(row.bytes) && Buffer.isBuffer(row.hash);
}

/**
 * Rows in order whose bytes lead from the hash before to their own hash, or to the next one where only the hash
 * was damaged. The first after a missing row cannot be proven.
 * @param before chain before the first row; `null` where it is not known.
 */
export function vouchedEntries(suite: Suite, before: Uint8Array | null, found: readonly EntryRow[]): EntryRow[] {
  let chain = before;
  const rows = found.filter(isEntryRow);
  return rows.filter((row, index) => {
    const previous = rows[index - 1];
    if (previous !== undefined && previous.seq !== row.seq - 1) chain = null;
    const hash = chain === null ? null : nextHash(suite, chain, row.bytes);
    const next = rows[index + 1];
    const holds =
      hash !== null &&
      (row.hash.equals(hash) || (next?.seq === row.seq + 1 && next.hash.equals(nextHash(suite, hash, next.bytes))));
    chain = holds ? hash : row.hash;
    return holds;
  });
}

/** The entry in a row; `null` where its bytes are none that this version can read. */
export function readStored(suite: Suite, row: EntryRow): Entry | null {
  try {
    return parseEntry(suite, row.bytes);
  } catch {
    return null;
  }
}
