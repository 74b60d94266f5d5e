/** How many transactions a SQLite database has written, read from its write-ahead log (sqlite.org/fileformat2.html §4). */
import { readFileSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Since the log began anew; a checkpoint of this size of database comes long after a test. */
export function commitsOf(databaseFile: string): number {
  const log = readFileSync(`${databaseFile}-wal`);
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let commits = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    // What an earlier round of the log has left behind carries another salt.
    if (!salt.equals(log.subarray(at + 8, at + 16))) break;
    // The last frame of a transaction tells the size of the database.
    if (log.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}
