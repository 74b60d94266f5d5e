/** What can be read of a terminal's log whose file is damaged in places: each entry by itself. */
import Database from 'better-sqlite3';

interface EpochRow {
  readonly id: number;
  readonly epoch: string;
  readonly pruned_seq: number;
  readonly checkpoint: string | null;
}

/**
 * Copies it into a new database of the same shape, for a reader who expects a whole one.
 * @param lastSeq no epoch is longer.
 * @returns whether anything could not be read.
 */
export function readablePart(file: string, into: string, lastSeq: number): boolean {
  const from = new Database(file, { fileMustExist: true });
  const to = new Database(into);
  let unreadable = false;
  try {
    to.exec(
      `CREATE TABLE epoch (id INTEGER PRIMARY KEY, epoch TEXT, pruned_seq INTEGER, checkpoint TEXT);
       CREATE TABLE entry (place INTEGER PRIMARY KEY, epoch_id INTEGER, seq INTEGER, bytes BLOB, hash BLOB);
       BEGIN`,
    );
    const addEpoch = to.prepare('INSERT INTO epoch VALUES (?, ?, ?, ?)');
    const addEntry = to.prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?)');
    const find = from.prepare('SELECT epoch_id, seq, bytes, hash FROM entry WHERE place = ?');
    const epochs = from.prepare('SELECT id, epoch, pruned_seq, checkpoint FROM epoch ORDER BY id').all() as EpochRow[];
    for (const { id, epoch, pruned_seq, checkpoint } of epochs) {
      addEpoch.run(id, epoch, pruned_seq, checkpoint);
      for (let seq = 1; seq <= lastSeq; seq += 1) {
        const place = id * 2 ** 32 + seq;
        try {
          const row = find.get(place) as { epoch_id: number; seq: number; bytes: Buffer; hash: Buffer } | undefined;
          if (row !== undefined) addEntry.run(place, row.epoch_id, row.seq, row.bytes, row.hash);
        } catch (error) {
          if (!(error instanceof Database.SqliteError)) throw error;
          unreadable = true;
        }
      }
    }
    to.exec('COMMIT');
    return unreadable;
  } finally {
    from.close();
    to.close();
  }
}
