/** What the disk says when it takes nothing, as SQLite hands it on. */
import Database from 'better-sqlite3';
import { PjqError } from '../../protocol/index.js';

/**
 * `full`: no room, and nothing was written. `failing`: a write or a sync failed, or the file system is read-only; what
 * of it is on the disk nobody knows. `null`: not the disk.
 */
export type DiskFault = 'full' | 'failing';

export function diskFault(error: unknown): DiskFault | null {
  if (!(error instanceof Database.SqliteError)) return null;
  // The second: no room for the index of the write-ahead log, at an opening.
  if (error.code === 'SQLITE_FULL' || error.code === 'SQLITE_IOERR_SHMSIZE') return 'full';
  return /^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(error.code) ? 'failing' : null;
}

/** What an append or an opening throws: by its code the operator knows whether it is room that is missing. */
export function notWritten(cause: unknown): unknown {
  if (cause instanceof PjqError || !(cause instanceof Error)) return cause;
  const code = diskFault(cause) === 'full' ? 'log-full' : 'log-write-failed';
  return new PjqError(code, cause.message, { cause });
}
