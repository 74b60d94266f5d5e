/** The hall's store: the open database, its identity, and the gateway's own log in it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely, Transaction } from 'kysely';
import { type Clock, type HeadSigner, type Randomness, type Suite } from '../../protocol/index.js';
import { openSqlite } from './dialect.js';
import { migrate } from './migrations.js';
import { OwnLog } from './own-log.js';
import type { HallDatabase } from './schema.js';

export type Db = Kysely<HallDatabase>;
export type Trx = Transaction<HallDatabase>;

export interface StoreParts {
  readonly suite: Suite;
  readonly signer: HeadSigner;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly bootId: string;
  /** Source of the gateway's own log, `{hall}/@{gateway}`. */
  readonly source: string;
  readonly version: string;
  /** Is shown every error that the database threw. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** How long to wait for another program's transaction; two seconds where nothing is said. */
  readonly patienceMs?: number | undefined;
}

export interface Store {
  readonly db: Db;
  readonly own: OwnLog;
  /** The store's present identity; a higher generation may move acknowledgements back. */
  identity(db?: Db | Trx): Promise<{ storeId: string; generation: number }>;
  close(): Promise<void>;
}

export const DATABASE_FILE = 'hall.db';

/** Opens the store in a folder, making both where they are missing. */
export async function openStore(folder: string, parts: StoreParts): Promise<Store> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const opened = openSqlite(join(folder, DATABASE_FILE), parts);
  try {
    await migrate(opened.db, opened.types);
    const own = new OwnLog(parts);
    await opened.db.transaction().execute((trx) => own.open(trx));
    return {
      db: opened.db,
      own,
      identity: (db = opened.db) => own.identity(db),
      close: () => opened.close(),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
