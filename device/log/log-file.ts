/** The terminal's database as a file: its transactions, its prepared statements, and when its write-ahead log is cleared. */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Timers } from '../timers.js';
import { configure, migrateLog, WAL_PAGES } from './log-schema.js';

/**
 * A checkpoint writes and syncs the main file; a press must not wait for that. So it runs once so many
 * transactions (3-5 pages each) have come and none for a while. SQLite's own checkpoint, in a commit, is the bound
 * for a terminal that never rests (`WAL_PAGES`).
 */
const CHECKPOINT_TRANSACTIONS = 150;
const CHECKPOINT_REST_MS = 1_000;

export class LogFile {
  readonly #path: string;
  readonly #timers: Timers;
  readonly #statements = new Map<string, Database.Statement>();
  #db: Database.Database | undefined;
  #transaction: Database.Transaction<(work: () => unknown) => unknown> | undefined;
  #version: Database.Statement | undefined;
  /** SQLite's `data_version` when this program last looked: it changes when another connection commits. */
  #seen: unknown;
  #commits = 0;
  #cancelCheckpoint: (() => void) | undefined;

  constructor(path: string, timers: Timers) {
    this.#path = path;
    this.#timers = timers;
  }

  open(): void {
    const db = new Database(this.#path, { timeout: 2_000 });
    this.#db = db;
    configure(db);
    migrateLog(db);
    this.#growWriteAheadLog(db);
    this.#transaction = db.transaction((work: () => unknown) => work());
    this.#version = db.prepare('PRAGMA data_version').pluck();
    this.#seen = this.#version.get();
  }

  close(): void {
    this.#cancelCheckpoint?.();
    this.#cancelCheckpoint = undefined;
    this.#commits = 0;
    this.#statements.clear();
    this.#db?.close();
    this.#db = undefined;
  }

  /** A statement, prepared once. */
  sql(text: string): Database.Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#open.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** `work` in one transaction that has the write lock from its start: when this returns, the disk has it. */
  transaction<T>(work: () => T): T {
    if (this.#transaction === undefined) throw new Error('the log is not open');
    const result = this.#transaction.immediate(work) as T;
    this.#commits += 1;
    if (this.#commits >= CHECKPOINT_TRANSACTIONS) this.#checkpointAtRest();
    return result;
  }

  /** Within a transaction: whether anybody else has written since this was last asked (or since `open`). */
  changedElsewhere(): boolean {
    const version = this.#version?.get();
    const changed = version !== this.#seen;
    this.#seen = version;
    return changed;
  }

  /** What `work` writes is not waited for; the next transaction carries it to the disk. */
  withoutSync(work: () => void): void {
    this.#open.pragma('synchronous = NORMAL');
    try {
      work();
    } finally {
      this.#open.pragma('synchronous = FULL');
    }
  }

  /**
   * Gives the write-ahead log its full size at once: a file that grows makes every fdatasync write the file system's
   * journal too, which the press would wait for. What is rolled back has gone through the cache into that file.
   */
  #growWriteAheadLog(db: Database.Database): void {
    const pageSize = Number(db.pragma('page_size', { simple: true }));
    const missing = WAL_PAGES * pageSize - statSync(`${this.#path}-wal`).size;
    if (missing <= 0) return;
    const cacheSize = Number(db.pragma('cache_size', { simple: true }));
    db.pragma('cache_size = 10');
    try {
      db.exec('BEGIN IMMEDIATE; CREATE TABLE room (bytes BLOB)');
      db.prepare('INSERT INTO room VALUES (zeroblob(?))').run(missing);
    } catch (error) {
      // A disk without room for it: presses are slower, or are refused when it is their turn.
      if (!(error instanceof Database.SqliteError)) throw error;
    } finally {
      if (db.inTransaction) db.exec('ROLLBACK');
      db.pragma(`cache_size = ${cacheSize}`);
    }
  }

  /** PASSIVE: the write-ahead log is begun anew but keeps its size, since growing a file costs every fdatasync more. */
  #checkpointAtRest(): void {
    this.#cancelCheckpoint?.();
    this.#cancelCheckpoint = this.#timers.after(CHECKPOINT_REST_MS, () => {
      this.#cancelCheckpoint = undefined;
      this.#commits = 0;
      try {
        this.#open.pragma('wal_checkpoint(PASSIVE)');
      } catch (error) {
        // Nothing is lost: it all stands in the write-ahead log. A disk that fails is told by the next append.
        if (!(error instanceof Database.SqliteError)) throw error;
      }
    });
  }

  get #open(): Database.Database {
    if (this.#db === undefined) throw new Error('the log is not open');
    return this.#db;
  }
}
