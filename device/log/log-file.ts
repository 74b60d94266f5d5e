/** The terminal's database as a file: its transactions, its prepared statements, and when its write-ahead log is cleared. */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { systemTimers, type Timers } from '../timers.js';
import type { Purpose } from './ballast.js';
import { diskFault } from './disk-fault.js';
import type { TerminalLogParts } from './log-parts.js';
import { configure, migrateLog, WAL_PAGES } from './log-schema.js';

/**
 * A checkpoint writes and syncs the main file; a press must not wait for that. So it runs once so many
 * transactions (3-5 pages each) have come and none for a while. SQLite's own checkpoint, in a commit, is the bound
 * for a terminal that never rests (`WAL_PAGES`).
 */
const CHECKPOINT_TRANSACTIONS = 150;
const CHECKPOINT_REST_MS = 1_000;
/** How long another program that has the file open by mistake is waited for. */
const BUSY_MS = 2_000;

type LogFileParts = Pick<TerminalLogParts, 'file' | 'timers' | 'ballast' | 'onDiskFault'>;

export class LogFile {
  readonly #parts: LogFileParts;
  readonly #path: string;
  readonly #timers: Timers;
  readonly #onRenewed: () => void;
  readonly #statements = new Map<string, Database.Statement>();
  #db: Database.Database | undefined;
  #transaction: Database.Transaction<(work: () => unknown) => unknown> | undefined;
  #version: Database.Statement | undefined;
  /** SQLite's `data_version` when this program last looked: it changes when another connection commits. */
  #seen: unknown;
  #commits = 0;
  #cancelCheckpoint: (() => void) | undefined;
  /** A write or a sync failed: nobody knows what of it is on the disk, and nothing is written before `#renew`. */
  #doubtful = false;

  /** @param onRenewed called when another connection has taken the place of one that failed, before anything is written. */
  constructor(parts: LogFileParts, onRenewed: () => void) {
    this.#parts = parts;
    this.#path = parts.file;
    this.#timers = parts.timers ?? systemTimers;
    this.#onRenewed = onRenewed;
  }

  open(): void {
    const db = new Database(this.#path, { timeout: BUSY_MS });
    this.#db = db;
    configure(db);
    migrateLog(db);
    this.#growWriteAheadLog(db);
    this.#use(db);
    this.#seen = this.#version?.get();
    this.#doubtful = false;
  }

  close(): void {
    this.#cancelCheckpoint?.();
    this.#cancelCheckpoint = undefined;
    this.#commits = 0;
    this.#statements.clear();
    this.#db?.close();
    this.#db = undefined;
  }

  /** Bytes of the file that hold something: pages that were freed are filled again before it grows. */
  usedBytes(): number {
    const ask = (name: string) => Number(this.#open.pragma(name, { simple: true }));
    return (ask('page_count') - ask('freelist_count')) * ask('page_size');
  }

  /** Bytes of the file that are free to be filled again. */
  freeBytes(): number {
    const ask = (name: string) => Number(this.#open.pragma(name, { simple: true }));
    return ask('freelist_count') * ask('page_size');
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
  transaction<T>(work: () => T, purpose: Purpose = 'rating'): T {
    const result = this.write(() => {
      if (this.#transaction === undefined) throw new Error('the log is not open');
      return this.#transaction.immediate(work) as T;
    }, purpose);
    this.#commits += 1;
    if (this.#commits >= CHECKPOINT_TRANSACTIONS) this.#checkpointAtRest();
    return result;
  }

  /**
   * `work` that writes, statement by statement, outside a transaction. Every write comes through here. A disk without
   * room is tried once more with the room that was kept back for the purpose.
   */
  write<T>(work: () => T, purpose: Purpose = 'rating'): T {
    try {
      return this.#attempt(work);
    } catch (error) {
      if (!this.makesRoom(error, purpose)) throw error;
      return this.#attempt(work);
    }
  }

  /** Tells of a disk that took nothing. @returns whether there is room now, so that it may be tried again. */
  makesRoom(error: unknown, purpose: Purpose): boolean {
    const fault = diskFault(error);
    if (fault !== null) this.#parts.onDiskFault?.(fault);
    return fault === 'full' && this.#parts.ballast?.give(purpose) === true;
  }

  #attempt<T>(work: () => T): T {
    if (this.#doubtful) this.#renew();
    try {
      return work();
    } catch (error) {
      if (diskFault(error) !== 'failing') throw error;
      this.#doubtful = true;
      try {
        this.#renew();
      } catch (again) {
        // Still failing: the next write tries it again.
        if (!(again instanceof Database.SqliteError)) throw again;
      }
      throw error;
    }
  }

  /** Within a transaction: whether anybody else has written since this was last asked (or since `open`). */
  changedElsewhere(): boolean {
    const version = this.#version?.get();
    const changed = version !== this.#seen;
    this.#seen = version;
    return changed;
  }

  /** What `work` writes is not waited for; the next transaction carries it to the disk. */
  withoutSync(work: () => void, purpose: Purpose): void {
    this.write(() => {
      const db = this.#open;
      db.pragma('synchronous = NORMAL');
      try {
        work();
      } finally {
        db.pragma('synchronous = FULL');
      }
    }, purpose);
  }

  /**
   * After a failed sync the kernel forgets what it could not write and calls the next sync a success, so a connection
   * that has seen one is finished. What failed may stand whole in the write-ahead log all the same, its commit mark
   * included, and whoever opens the file next would find a press that the citizen was told is not taken. So, in this
   * order: the old connection, which knows where the log really ended, writes a mark over it; a new connection copies
   * all that counts into the main file (pages written anew, and synced); then the old one goes.
   * @throws SqliteError while the disk takes nothing: everything stays as it is.
   */
  #renew(): void {
    const old = this.#open;
    old.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('renewed', random())").run();
    const next = new Database(this.#path, { timeout: BUSY_MS });
    try {
      configure(next);
      // Whoever reads the old end of the log for long is not waited for: the next press tries it again.
      next.pragma('busy_timeout = 50');
      const [moved] = next.pragma('wal_checkpoint(RESTART)') as { busy: number }[];
      if (moved?.busy !== 0) throw new Database.SqliteError('the log could not be moved', 'SQLITE_BUSY');
    } catch (error) {
      next.close();
      throw error;
    }
    next.pragma(`busy_timeout = ${BUSY_MS}`);
    this.#use(next);
    old.close();
    this.#doubtful = false;
    // What is kept in memory is read again.
    this.#seen = undefined;
    this.#onRenewed();
  }

  #use(db: Database.Database): void {
    this.#statements.clear();
    this.#db = db;
    this.#transaction = db.transaction((work: () => unknown) => work());
    this.#version = db.prepare('PRAGMA data_version').pluck();
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
