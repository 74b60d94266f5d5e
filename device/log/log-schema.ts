/**
 * The terminal's database. Steps only add, so that version N opens the log of N+1: an update may roll back.
 * `entry` is the truth; the other tables are projections of it. `service` and `receipt` are written in the transaction
 * of their entry; `counter` may be some presses behind.
 */
import type { Database } from 'better-sqlite3';
import { SERVICE_BOOK_STEP } from './service-projection.js';

const STEPS: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE epoch (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     epoch TEXT NOT NULL UNIQUE,
     acked_seq INTEGER NOT NULL,      -- the gateway has entries through this one
     end_seq INTEGER,                 -- set when the epoch was left: nothing after it is to be sent
     pruned_seq INTEGER NOT NULL,     -- entries through this one were pruned
     checkpoint TEXT,                 -- JSON: signed head at pruned_seq
     promise TEXT                     -- JSON: the last ack, signed by the gateway
   );
   CREATE TABLE entry (
     epoch_id INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
     bytes BLOB NOT NULL, hash BLOB NOT NULL,
     PRIMARY KEY (epoch_id, seq)
   ) WITHOUT ROWID;
   CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL);
   CREATE TABLE service (service_id TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;`,
  SERVICE_BOOK_STEP,
  // The entry that the row stands for: those after it are read again at a start. NULL: written at every change.
  `ALTER TABLE counter ADD COLUMN epoch_id INTEGER;
   ALTER TABLE counter ADD COLUMN seq INTEGER;`,
  // Keyed by one growing number SQLite fills page after page; by two columns it shares out a full page between two,
  // and the presses that meet one wait for it. Before the first release, so that nobody opens this with an older version.
  `CREATE TABLE entry_by_place (
     place INTEGER PRIMARY KEY,       -- epoch_id << 32 | seq
     epoch_id INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
     bytes BLOB NOT NULL, hash BLOB NOT NULL
   );
   INSERT INTO entry_by_place SELECT (epoch_id << 32) | seq, epoch_id, seq, at, bytes, hash FROM entry;
   DROP TABLE entry;
   ALTER TABLE entry_by_place RENAME TO entry;`,
];

/** How long the write-ahead log is, about 4 MB: it is begun anew when it is full, at the latest, and keeps its size. */
export const WAL_PAGES = 1_000;

/** Sets what durability rests on. A WAL database acts as NORMAL until FULL is set by hand, whatever it reports. */
export function configure(db: Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
  // better-sqlite3 is built with 16 MB; a log is read in order and written at its end.
  db.pragma('cache_size = -2000');
}

export function migrateLog(db: Database): void {
  const from = Number(db.pragma('user_version', { simple: true }));
  if (from >= STEPS.length) return;
  db.transaction(() => {
    for (const step of STEPS.slice(from)) db.exec(step);
    db.pragma(`user_version = ${STEPS.length}`);
  }).immediate();
}
