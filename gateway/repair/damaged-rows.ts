/** Reads what can be read of a damaged database: tables row by row, around what SQLite cannot read. */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Rows a read where nothing is damaged. */
const CHUNK = 500;
/** No row takes less of the file; so many numbers at most lie in what cannot be read. */
const MIN_ROW_BYTES = 64;

export interface ReadableRow {
  readonly place: number;
}

/** What a reading of a table came upon. */
export interface Reading {
  /** Places that could not be read; of some no more is known than that they lie between others. */
  unreadable: number;
}

/** Opens a damaged database for reading; `null` where SQLite cannot even begin. */
export function openDamaged(file: string): Database.Database | null {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
    // A file that was cut is otherwise refused as a whole. Nothing is written: it is open for reading only.
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError) return null;
    throw error;
  }
}

/** The rows of a table in the order of their numbers; none of a table that cannot be found. */
export function* readableRows<Row extends ReadableRow>(
  db: Database.Database,
  table: string,
  reading: Reading = { unreadable: 0 },
): Generator<Row> {
  const select = `SELECT rowid AS place, * FROM "${table}"`;
  const chunk = attempt(() => db.prepare(`${select} WHERE rowid > ? ORDER BY rowid LIMIT ${CHUNK}`));
  const next = attempt(() => db.prepare(`${select} WHERE rowid > ? ORDER BY rowid LIMIT 1`));
  const at = attempt(() => db.prepare(`${select} WHERE rowid = ?`));
  if (chunk === undefined || next === undefined || at === undefined) return;
  const end = lastPlace(db, table);
  const maxHole = Math.ceil(statSync(db.name).size / MIN_ROW_BYTES);
  let last = 0;
  for (;;) {
    const rows = attempt(() => chunk.all(last) as Row[]);
    if (rows !== undefined && isRising(rows, last)) {
      yield* rows;
      if (rows.length < CHUNK) return;
      last = rows.at(-1)?.place ?? last;
      continue;
    }
    // Somewhere in these the damage begins: one by one up to it, then number by number until one can be read.
    for (;;) {
      const row = attempt(() => (next.get(last) as Row | undefined) ?? null);
      if (row === null) return;
      if (row === undefined || !isRising([row], last)) break;
      last = row.place;
      yield row;
    }
    let found: Row | undefined;
    const limit = Math.min(end, last + maxHole);
    for (let place = last + 1; place <= limit && found === undefined; place += 1) {
      const row = attempt(() => (at.get(place) as Row | undefined) ?? null);
      if (row === undefined) reading.unreadable += 1;
      else if (row !== null && row.place === place) found = row;
    }
    if (found === undefined) return;
    last = found.place;
    yield found;
  }
}

/** Whether rows come in the order of their numbers: pages that point at each other wrongly could lead round for ever. */
function isRising(rows: readonly ReadableRow[], after: number): boolean {
  let last = after;
  for (const { place } of rows) {
    if (!(place > last)) return false;
    last = place;
  }
  return true;
}

/** The highest number that a table may have. */
function lastPlace(db: Database.Database, table: string): number {
  const given = attempt(
    () => db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(table) as number | undefined,
  );
  const held = attempt(() => db.prepare(`SELECT max(rowid) FROM "${table}"`).pluck().get() as number | null);
  return Math.max(given ?? 0, held ?? 0) || Number.MAX_SAFE_INTEGER;
}

/** Reads, or finds that this part cannot be read. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
