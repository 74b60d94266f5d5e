/** How much room the hall's database takes and leaves. Knows SQLite, as `dialect.ts` does. */
import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Db } from './store.js';

export interface DatabaseSpace {
  /** Of the file, without its write-ahead log. It never shrinks: pages that become free are used again. */
  readonly fileBytes: number;
  readonly freeBytes: number;
}

export async function databaseSpace(db: Db): Promise<DatabaseSpace> {
  const pageBytes = await pragma(db, 'page_size');
  return {
    fileBytes: (await pragma(db, 'page_count')) * pageBytes,
    freeBytes: (await pragma(db, 'freelist_count')) * pageBytes,
  };
}

/** What the file system of a folder has left for us, bytes. */
export async function diskFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function pragma(db: Db, name: 'page_size' | 'page_count' | 'freelist_count'): Promise<number> {
  const { rows } = await sql<Record<string, number>>`pragma ${sql.raw(name)}`.execute(db);
  return rows[0]?.[name] ?? 0;
}
