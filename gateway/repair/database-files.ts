/** The files of a database: who holds them, and how one database takes the place of another. */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Processes that hold a lock on a file: SQLite holds one as long as a database is open. By Linux's own list; where that
 * cannot be read nobody is known to hold it.
 */
export function holdersOf(file: string): number[] {
  if (!existsSync(file)) return [];
  const { ino } = statSync(file);
  let text: string;
  try {
    text = readFileSync('/proc/locks', 'utf8');
  } catch {
    return [];
  }
  // 1: POSIX  ADVISORY  READ 1234 fe:00:5678 1073741826 1073742335
  const holders = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((parts) => parts[5]?.split(':')[2] === String(ino))
    .map((parts) => Number(parts[4]));
  return [...new Set(holders)];
}

/**
 * Puts a finished database in the place of another, which is kept under a name of its own with its write-ahead log.
 * Killed in between, either the old database stands there or the new one.
 */
export function takePlace(finished: string, file: string, keptAs: string): void {
  linkSync(file, keptAs);
  // The old write-ahead log must never meet the new database.
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, keptAs + suffix);
  renameSync(finished, file);
  syncFolder(dirname(file));
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
