/**
 * What belongs to no chain and is carried over as it stands, where it can be read: registry, times, alarms, answers,
 * sealed evaluators and texts, tries and callers. What was erased stays erased; what was sealed stays sealed.
 */
import type Database from 'better-sqlite3';
import type { HallDatabase } from '../store/schema.js';
import { insertMany } from '../store/bulk.js';
import type { Trx } from '../store/store.js';
import { attempt, readableRows, type ReadableRow, type Reading } from './damaged-rows.js';

type Table =
  | 'terminal'
  | 'terminalKey'
  | 'timePair'
  | 'alarm'
  | 'idempotency'
  | 'evaluator'
  | 'dataKey'
  | 'freeText'
  | 'optOut'
  | 'attempt'
  | 'sighting'
  | 'flag';

const COLUMNS: { readonly [T in Table]: readonly (keyof HallDatabase[T] & string)[] } = {
  terminal: ['terminal', 'window', 'addedAt', 'state', 'stateAt', 'session', 'duty', 'health'],
  terminalKey: ['keyId', 'terminal', 'publicKey', 'addedAt', 'revokedAt'],
  timePair: ['source', 'bootId', 'lowMs', 'highMs', 'monoMs'],
  alarm: ['code', 'subject', 'detail', 'at', 'clearedAt'],
  idempotency: ['key', 'requestHash', 'status', 'body', 'createdAt'],
  evaluator: ['serviceId', 'suite', 'wrapKeyId', 'dataKeyId', 'sealed', 'contactBasis', 'sealedAt', 'erasedAt'],
  dataKey: ['id', 'wrapped'],
  freeText: ['commitment', 'ratingId', 'salt', 'text', 'appStatus', 'at'],
  optOut: ['phoneDigest', 'at'],
  attempt: ['subject', 'failures', 'lockedUntil', 'at'],
  sighting: ['ratingId', 'device', 'block', 'inHall', 'at'],
  flag: ['flag', 'subject', 'evidence', 'at', 'clearedAt'],
};

const KEYS: { readonly [T in Table]: readonly string[] } = {
  terminal: ['terminal'],
  terminalKey: ['keyId'],
  timePair: ['source', 'bootId'],
  alarm: ['place'],
  idempotency: ['key'],
  evaluator: ['serviceId'],
  dataKey: ['id'],
  freeText: ['commitment'],
  optOut: ['phoneDigest'],
  attempt: ['subject'],
  sighting: ['ratingId'],
  flag: ['flag', 'subject'],
};

/** Columns that every row of it has; a damaged row that lacks one is left behind. */
const NEEDED: { readonly [T in Table]: readonly string[] } = {
  terminal: ['terminal', 'window', 'addedAt', 'state', 'stateAt'],
  terminalKey: ['keyId', 'terminal', 'publicKey', 'addedAt'],
  timePair: ['source', 'bootId', 'lowMs', 'highMs', 'monoMs'],
  alarm: ['code', 'subject', 'detail', 'at'],
  idempotency: ['key', 'requestHash', 'createdAt'],
  evaluator: ['serviceId', 'suite', 'wrapKeyId', 'sealedAt'],
  dataKey: ['id', 'wrapped'],
  freeText: ['commitment', 'ratingId', 'appStatus', 'at'],
  optOut: ['phoneDigest', 'at'],
  attempt: ['subject', 'failures', 'lockedUntil', 'at'],
  sighting: ['ratingId', 'device', 'block', 'inHall', 'at'],
  flag: ['flag', 'subject', 'evidence', 'at'],
};

/** @returns how many keys of the registry were carried over. */
export async function carryOver(trx: Trx, db: Database.Database, reading: Reading): Promise<{ readonly keys: number }> {
  await carryTable(trx, 'terminal', readWhole(db, 'terminal', reading));
  const keys = await carryTable(trx, 'terminalKey', readWhole(db, 'terminalKey', reading));
  await carryTable(trx, 'timePair', readWhole(db, 'timePair', reading));
  for (const table of ['idempotency', 'evaluator', 'dataKey', 'freeText', 'optOut', 'attempt', 'sighting'] as const)
    await carryTable(trx, table, readWhole(db, table, reading));
  return { keys };
}

/** The alarms as they stand: those that carrying out the entries again has raised anew may have been cleared. */
export async function carryAlarms(trx: Trx, db: Database.Database, reading: Reading): Promise<void> {
  const rows = readWhole(db, 'alarm', reading);
  if (rows.length === 0) return;
  await trx.deleteFrom('alarm').execute();
  await carryTable(trx, 'alarm', rows);
}

/** A flag whose entry the retention let go stands in its row alone; of the others the entries have told. */
export async function carryFlags(trx: Trx, db: Database.Database, reading: Reading): Promise<void> {
  for (const { flag, subject, evidence, at, clearedAt } of readWhole(db, 'flag', reading))
    await trx
      .insertInto('flag')
      .values({
        flag: String(flag),
        subject: String(subject),
        evidence: String(evidence),
        at: Number(at),
        clearedAt: clearedAt == null ? null : Number(clearedAt),
      })
      .onConflict((c) => c.columns(['flag', 'subject']).doNothing())
      .execute();
}

type AnyRow = ReadableRow & Readonly<Record<string, unknown>>;

/** Rows that lack nothing; of two with one key the first. */
function readWhole(db: Database.Database, table: Table, reading: Reading): AnyRow[] {
  const keys: readonly string[] = KEYS[table];
  const rows = new Map<string, AnyRow>();
  for (const row of readableRows<AnyRow>(db, table, reading)) {
    const name = keys.map((column) => String(row[column])).join(' ');
    if (!rows.has(name) && NEEDED[table].every((column) => row[column] != null)) rows.set(name, row);
  }
  return [...rows.values()];
}

async function carryTable<T extends Table>(trx: Trx, table: T, rows: readonly AnyRow[]): Promise<number> {
  const columns = COLUMNS[table];
  const names: readonly string[] = columns;
  await insertMany(
    trx,
    table,
    columns,
    rows.map((row) => names.map((column) => row[column] ?? null)),
  );
  return rows.length;
}

/** Identity of the damaged store, where it can be read. */
export function damagedIdentity(db: Database.Database | null): { storeId: string | null; generation: number } {
  const read = (key: string) =>
    db === null
      ? undefined
      : attempt<unknown>(() => db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key));
  const [storeId, generation] = [read('storeId'), Number(read('generation'))];
  return {
    storeId: typeof storeId === 'string' ? storeId : null,
    generation: Number.isSafeInteger(generation) && generation > 0 ? generation : 0,
  };
}
