/**
 * Everything that knows which database is underneath. The store is written once on Kysely; what SQLite and
 * PostgreSQL do not share stands here and nowhere else.
 */
import Database from 'better-sqlite3';
import { Kysely, sql, SqliteDialect, type ColumnDataType, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { PjqError } from '../../protocol/index.js';
import type { HallDatabase } from './schema.js';
import { isLocked, storeFault } from './store-fault.js';
import type { Trx } from './store.js';

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

/**
 * Page cache. The indexes of random ids are hit all over: with SQLite's 2 MB a backlog takes a third more processor
 * time once the database is larger than that (measured).
 */
const CACHE_KIB = 16 * 1024;
/**
 * The write-ahead log is carried over into the database after so many pages (16 MB). Carrying over waits for the disk
 * on the path of commits; hot index pages are written once each time, so rarely is cheaper (measured: 1,000 pages
 * 10-12 % of a drain, 4,000 pages 5-8 %, 16,000 pages 3-5 % but with pauses thrice as long).
 */
const CHECKPOINT_PAGES = 4_000;

/** How many prepared statements are kept; the hot path uses about thirty. */
const STATEMENT_CACHE = 200;

/** So long the gateway waits for another program's transaction; meanwhile it answers nobody. */
const PATIENCE_MS = 2_000;

export interface OpenOptions {
  /** Is shown every error that a statement throws. A connection that has met damage writes no more. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** How long a statement waits for another program's transaction. */
  readonly patienceMs?: number | undefined;
}

/**
 * Opens (or makes) the hall's SQLite file: WAL, and `synchronous=FULL` set by hand, since a WAL database
 * acts as NORMAL until told otherwise and then loses commits at a power cut. The command line may open it
 * beside a running gateway: every cursor is a row, none is memory.
 * @throws PjqError `store-locked` when another process holds it for longer than the patience lasts.
 */
export function openSqlite(file: string, options: OpenOptions = {}): OpenDatabase {
  const { onFault = () => undefined, patienceMs = PATIENCE_MS } = options;
  const connection = new Database(file, { timeout: patienceMs });
  try {
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    // What is deleted is overwritten; for evaluators that is not all (gateway/evaluator/sealed-rows.ts).
    connection.pragma('secure_delete = ON');
    connection.pragma(`cache_size = -${CACHE_KIB}`);
    connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  } catch (cause) {
    connection.close();
    throw isLocked(cause) ? new PjqError('store-locked', file, { cause }) : cause;
  }
  const db = new Kysely<HallDatabase>({
    dialect: new SqliteDialect({ database: cachingStatements(connection, onFault) }),
  });
  return {
    db,
    types: { id: 'integer', int: 'integer', bytes: 'blob' },
    async close() {
      await db.destroy();
    },
  };
}

/**
 * Ids for entries that are about to be inserted in this transaction: the first of `total` that follow each other.
 * SQLite's writer is alone and remembers the highest id that ever was; PostgreSQL would draw them from the sequence.
 */
export async function firstEntryId(trx: Trx): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = 'entry'`.execute(trx);
  return (rows[0]?.seq ?? 0) + 1;
}

/** Kysely prepares every statement anew; preparing costs more than running the small ones. */
function cachingStatements(connection: Database.Database, onFault: (error: unknown) => void): SqliteDatabase {
  let damage: unknown;
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const fault = storeFault(error);
      // At once, before anything else of this process is committed upon the damage.
      if (fault === 'damaged') connection.pragma('query_only = ON');
      if (fault === 'damaged') damage ??= error;
      // Whoever writes afterwards is told of the damage, not of what was done about it.
      const said = fault === 'full' && damage !== undefined ? damage : error;
      onFault(said);
      throw said;
    }
  };
  const cache = new Map<string, SqliteStatement>();
  return {
    close: () => connection.close(),
    prepare(query) {
      // A deferred transaction that reads before it writes fails when another process wrote in between.
      const text = query === 'begin' ? 'begin immediate' : query;
      const known = cache.get(text);
      if (known !== undefined) return known;
      const prepared = told(() => connection.prepare(text) as unknown as SqliteStatement);
      const statement = telling(query === 'rollback' ? unlessRolledBack(connection, prepared) : prepared, told);
      if (cache.size >= STATEMENT_CACHE) cache.delete(cache.keys().next().value as string);
      cache.set(text, statement);
      return statement;
    },
  };
}

function telling(statement: SqliteStatement, told: <T>(work: () => T) => T): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => told(() => statement.all(parameters)),
    iterate: (parameters) => told(() => statement.iterate(parameters)),
    run: (parameters) => told(() => statement.run(parameters)),
  };
}

/** A full or failing disk ends the transaction by itself; rolling it back once more would hide what happened. */
function unlessRolledBack(connection: Database.Database, rollback: SqliteStatement): SqliteStatement {
  return {
    reader: false,
    all: (parameters) => rollback.all(parameters),
    iterate: (parameters) => rollback.iterate(parameters),
    run: (parameters) => (connection.inTransaction ? rollback.run(parameters) : { changes: 0, lastInsertRowid: 0 }),
  };
}
