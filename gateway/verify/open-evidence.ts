/** Opens a database as evidence: it is read as it stood at one moment, and never written. */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { PjqError } from '../../protocol/index.js';
import { storeFault } from '../store/store-fault.js';

const MAX_STRUCTURE_FAULTS = 5;

/**
 * Reads a database within one transaction. It may be read beside a running program: that goes on writing, only its
 * write-ahead log cannot be begun anew (and so grows) until this is over.
 * @throws PjqError `request-malformed` when there is no such file or it cannot be opened, `store-damaged` when SQLite
 *   cannot read it, `store-locked`.
 */
export function readEvidence<T>(file: string, read: (db: Database.Database) => T): T {
  if (!existsSync(file)) throw new PjqError('request-malformed', `There is no file ${file}.`);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
    db.exec('BEGIN');
    return read(db);
  } catch (cause) {
    throw told(file, cause);
  } finally {
    db?.close();
  }
}

function told(file: string, cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause;
  const why = `${file}: ${cause.message} (${cause.code}).`;
  if (storeFault(cause) === 'damaged') return new PjqError('store-damaged', why, { cause });
  if (cause.code.startsWith('SQLITE_BUSY')) return new PjqError('store-locked', file, { cause });
  return new PjqError('request-malformed', `It cannot be read as a database of pjq: ${why}`, { cause });
}

/**
 * What SQLite itself finds wrong. An index that does not say what its table says changes what a figure is read from,
 * and no chain shows it.
 */
export function structureFaults(db: Database.Database): string[] {
  const rows = db.pragma(`integrity_check(${MAX_STRUCTURE_FAULTS})`) as { integrity_check: string }[];
  return rows
    .map(({ integrity_check: said }) => said)
    .filter((said) => said !== 'ok')
    .map((said) => `SQLite's own check: ${said.replaceAll('\n', ' ')}`);
}

/** Tables of the database, by name. */
export function tablesOf(db: Database.Database): ReadonlySet<string> {
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
  return new Set(rows.map(({ name }) => name));
}

/** Columns of a table; none for a table that is not there. */
export function columnsOf(db: Database.Database, table: string): ReadonlySet<string> {
  return new Set((db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name));
}
