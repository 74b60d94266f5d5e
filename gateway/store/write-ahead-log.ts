/** Clearing the write-ahead log: all of it is carried over into the database, and the file is cut to nothing. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { openSqlite, type OpenDatabase } from './dialect.js';
import { isLocked } from './store-fault.js';
import { DATABASE_FILE } from './store.js';

/** How often it is tried, and the rest between tries, ms: a commit or a read of somebody takes a few. */
const TRIES = 40;
const REST_MS = 25;

/**
 * By a connection of its own that waits for nobody, so that no commit waits for it either.
 * @param folder of the database. @returns `false` when others never left it a moment.
 */
export async function clearWriteAheadLog(folder: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (await clearOnce(folder)) return true;
  }
  return false;
}

async function clearOnce(folder: string): Promise<boolean> {
  let opened: OpenDatabase | undefined;
  try {
    opened = openSqlite(join(folder, DATABASE_FILE), { patienceMs: 0 });
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(TRUNCATE)`.execute(opened.db);
    return rows[0]?.busy === 0;
  } catch (error) {
    if (isLocked(error)) return false;
    throw error;
  } finally {
    await opened?.close();
  }
}
