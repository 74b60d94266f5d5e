/**
 * What a failed access to the hall's database means. A disk that takes nothing more heals by itself, so the gateway
 * waits and goes on; a damaged database does not, so it must take nothing more, and must not acknowledge anything.
 */

export type StoreFault = 'full' | 'damaged' | 'other';

/**
 * The disk takes nothing, for now: no space (`FULL`), a write or a sync that failed, a file system that was mounted
 * read-only, a quota. `CANTOPEN` is the WAL that cannot be made there.
 */
const FULL = ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'];
const FULL_SYSTEM_CODES = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'];

/** What is on the disk contradicts itself, or is no database any more. */
const DAMAGED = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'];
/** A page that fails its checksum or is cut short is damage, although SQLite counts it among the disk's faults. */
const DAMAGED_IO = ['SQLITE_IOERR_CORRUPTFS', 'SQLITE_IOERR_SHORT_READ', 'SQLITE_IOERR_DATA'];

/** @param error whatever an access to the store threw; its causes are looked at as well. */
export function storeFault(error: unknown): StoreFault {
  for (const code of codesOf(error)) {
    if (DAMAGED_IO.includes(code) || DAMAGED.some((one) => matches(code, one))) return 'damaged';
    if (FULL_SYSTEM_CODES.includes(code) || FULL.some((one) => matches(code, one))) return 'full';
  }
  return 'other';
}

/** Whether another program was in the middle of a transaction for longer than this one waits. */
export function isLocked(error: unknown): boolean {
  return codesOf(error).some((code) => matches(code, 'SQLITE_BUSY'));
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { code } = cause as Error & { code?: unknown };
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
}

/** An extended code counts as its family: `SQLITE_IOERR_WRITE` is `SQLITE_IOERR`. */
function matches(code: string, family: string): boolean {
  return code === family || code.startsWith(`${family}_`);
}
