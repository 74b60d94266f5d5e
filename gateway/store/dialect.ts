/**
 * Everything that knows which database is underneath. The store is written once on Kysely; what SQLite and
 * PostgreSQL do not share stands here and nowhere else.
 */
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, type ColumnDataType, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { PjqError } from '../../protocol/index.js';
import type { HallDatabase } from './schema.js';

export interface ColumnTypes {
  readonly id: ColumnDataType;
  readonly int: ColumnDataType;
  readonly bytes: ColumnDataType;
}

export interface OpenDatabase {
  readonly db: Kysely<HallDatabase>;
  readonly types: ColumnTypes;
  close(): Promise<void>;
}

/** How many prepared statements are kept; the hot path uses about thirty. */
const STATEMENT_CACHE = 200;

/**
 * Opens (or makes) the hall's SQLite file: WAL, and `synchronous=FULL` set by hand, since a WAL database
 * acts as NORMAL until told otherwise and then loses commits at a power cut. The command line may open it
 * beside a running gateway: every cursor is a row, none is memory.
 * @throws PjqError `store-locked` when another process holds it for longer than two seconds.
 */
export function openSqlite(file: string): OpenDatabase {
  const connection = new Database(file, { timeout: 2_000 });
  try {
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
  } catch (cause) {
    connection.close();
    const locked = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY');
    throw locked ? new PjqError('store-locked', file, { cause }) : cause;
  }
  const db = new Kysely<HallDatabase>({ dialect: new SqliteDialect({ database: cachingStatements(connection) }) });
  return {
    db,
    types: { id: 'integer', int: 'integer', bytes: 'blob' },
    async close() {
      await db.destroy();
    },
  };
}

/** Kysely prepares every statement anew; preparing costs more than running the small ones. */
function cachingStatements(connection: Database.Database): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>();
  return {
    close: () => connection.close(),
    prepare(query) {
      // A deferred transaction that reads before it writes fails when another process wrote in between.
      const text = query === 'begin' ? 'begin immediate' : query;
      const known = cache.get(text);
      if (known !== undefined) return known;
      const statement = connection.prepare(text) as unknown as SqliteStatement;
      if (cache.size >= STATEMENT_CACHE) cache.delete(cache.keys().next().value as string);
      cache.set(text, statement);
      return statement;
    },
  };
}
