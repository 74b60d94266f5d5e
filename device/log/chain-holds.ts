/** Whether stored entries follow from one another. Imports next to nothing: a thread that is soon over uses it too. */
import { nextHash } from '../../protocol/chain.js';
import type { Suite } from '../../protocol/suite.js';
import type { EntryRow } from './vouched-entries.js';

/** Whether rows are gapless from `firstSeq` through `lastSeq` and each follows from the one before. */
export function chainHolds(
  suite: Suite,
  before: Uint8Array | null,
  firstSeq: number,
  lastSeq: number,
  rows: Iterable<EntryRow>,
): boolean {
  let hash = before;
  let seq = firstSeq;
  for (const row of rows) {
    if (hash === null || row.seq !== seq || !Buffer.isBuffer(row.bytes) || !Buffer.isBuffer(row.hash)) return false;
    hash = nextHash(suite, hash, row.bytes);
    if (!row.hash.equals(hash)) return false;
    seq += 1;
  }
  return seq === lastSeq + 1;
}
