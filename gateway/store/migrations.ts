/**
 * The schema, step by step. Steps only add (tables, nullable columns, indexes), so that version N opens
 * what N+1 has written: an update may roll back.
 */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { ColumnTypes } from './dialect.js';
import { addLater, giveReferences } from './later-step.js';
import type { HallDatabase } from './schema.js';
import { addServiceRules } from './service-rules-step.js';

type Step = (db: Transaction<HallDatabase>, types: ColumnTypes) => Promise<void>;

const STEPS: readonly Step[] = [
  createFirstTables,
  addReasons,
  addTerminalCare,
  addCheckpoints,
  addServiceRules,
  addLater,
];

/**
 * Brings the database to this version's schema. A newer schema is left as it is: steps only add.
 * @param through how many steps it has then; fewer make a database of an older version.
 */
export async function migrate(
  db: Kysely<HallDatabase>,
  types: ColumnTypes,
  through: number = STEPS.length,
): Promise<void> {
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('meta').select('value').where('key', '=', 'schema').executeTakeFirst();
    const from = row === undefined ? 0 : Number(row.value);
    for (const step of STEPS.slice(from, through)) await step(trx, types);
    if (from >= STEPS.length) await giveReferences(trx);
    if (from < through) {
      await trx
        .insertInto('meta')
        .values({ key: 'schema', value: String(through) })
        .onConflict((c) => c.column('key').doUpdateSet({ value: String(through) }))
        .execute();
    }
  });
}

async function createFirstTables(db: Transaction<HallDatabase>, { id, int, bytes }: ColumnTypes): Promise<void> {
  const text = 'text' as const;
  await db.schema
    .createTable('epoch')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('epoch', text, (c) => c.notNull())
    .addColumn('throughSeq', int, (c) => c.notNull())
    .addColumn('headHash', bytes, (c) => c.notNull())
    .addColumn('signedSeq', int)
    .addColumn('keyId', text)
    .addColumn('signature', bytes)
    .addColumn('stopped', text)
    .addColumn('openedAt', int, (c) => c.notNull())
    .addUniqueConstraint('epochBySource', ['source', 'epoch'])
    .execute();
  await db.schema
    .createTable('entry')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('epochId', int, (c) => c.notNull())
    .addColumn('seq', int, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('bytes', bytes, (c) => c.notNull())
    .addColumn('hash', bytes, (c) => c.notNull())
    .addColumn('receivedAt', int, (c) => c.notNull())
    .addUniqueConstraint('entryBySeq', ['epochId', 'seq'])
    .execute();
  await db.schema
    .createTable('pending')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('epoch', text, (c) => c.notNull())
    .addColumn('firstSeq', int, (c) => c.notNull())
    .addColumn('lastSeq', int, (c) => c.notNull())
    .addColumn('headHash', bytes, (c) => c.notNull())
    .addColumn('payload', bytes, (c) => c.notNull())
    .addColumn('receivedAt', int, (c) => c.notNull())
    .addUniqueConstraint('pendingByPlace', ['source', 'epoch', 'firstSeq', 'lastSeq'])
    .execute();
  await db.schema
    .createTable('quarantine')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('entryId', int, (c) => c.notNull())
    .addColumn('code', text, (c) => c.notNull())
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('resolvedAt', int)
    .addUniqueConstraint('quarantineByEntry', ['entryId'])
    .execute();
  await db.schema
    .createTable('alarm')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('code', text, (c) => c.notNull())
    .addColumn('subject', text, (c) => c.notNull())
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('clearedAt', int)
    .execute();
  await db.schema
    .createTable('gap')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('epochId', int, (c) => c.notNull())
    .addColumn('fromSeq', int, (c) => c.notNull())
    .addColumn('throughSeq', int, (c) => c.notNull())
    .addColumn('hash', bytes, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('timePair')
    .addColumn('source', text, (c) => c.notNull())
    .addColumn('bootId', text, (c) => c.notNull())
    .addColumn('lowMs', int, (c) => c.notNull())
    .addColumn('highMs', int, (c) => c.notNull())
    .addColumn('monoMs', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('timePairKey', ['source', 'bootId'])
    .execute();
  await createRegistry(db, int);
  await createProjections(db, int);
}

async function createRegistry(db: Transaction<HallDatabase>, int: ColumnTypes['int']): Promise<void> {
  const text = 'text' as const;
  await db.schema
    .createTable('terminal')
    .addColumn('terminal', text, (c) => c.primaryKey())
    .addColumn('window', text, (c) => c.notNull())
    .addColumn('addedAt', int, (c) => c.notNull())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('stateAt', int, (c) => c.notNull())
    .addColumn('session', text)
    .addColumn('duty', text)
    .addColumn('health', text)
    .execute();
  await db.schema
    .createTable('terminalKey')
    .addColumn('keyId', text, (c) => c.primaryKey())
    .addColumn('terminal', text, (c) => c.notNull())
    .addColumn('publicKey', text, (c) => c.notNull())
    .addColumn('addedAt', int, (c) => c.notNull())
    .addColumn('revokedAt', int)
    .execute();
  await db.schema
    .createTable('idempotency')
    .addColumn('key', text, (c) => c.primaryKey())
    .addColumn('requestHash', text, (c) => c.notNull())
    .addColumn('status', int)
    .addColumn('body', text)
    .addColumn('createdAt', int, (c) => c.notNull())
    .execute();
}

async function createProjections(db: Transaction<HallDatabase>, int: ColumnTypes['int']): Promise<void> {
  const text = 'text' as const;
  await db.schema
    .createTable('service')
    .addColumn('serviceId', text, (c) => c.primaryKey())
    .addColumn('terminal', text, (c) => c.notNull())
    .addColumn('caseNo', text, (c) => c.notNull())
    .addColumn('stage', text, (c) => c.notNull())
    .addColumn('matter', text)
    .addColumn('window', text)
    .addColumn('staffNo', text)
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('origin', text, (c) => c.notNull())
    .addColumn('openedAt', int)
    .addColumn('closedAt', int)
    .addColumn('endCause', text)
    .addColumn('closedSeenAt', int)
    .addColumn('ratingId', text)
    .addColumn('requestedAt', int, (c) => c.notNull())
    .addColumn('validUntil', int)
    .execute();
  await db.schema
    .createTable('press')
    .addColumn('pressId', text, (c) => c.primaryKey())
    .addColumn('serviceId', text, (c) => c.notNull())
    .addColumn('level', int, (c) => c.notNull())
    .addColumn('entryId', int, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('bootId', text, (c) => c.notNull())
    .addColumn('monoMs', int, (c) => c.notNull())
    .addColumn('receivedAt', int, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('pressByService').on('press').column('serviceId').execute();
  await db.schema
    .createTable('rating')
    .addColumn('ratingId', text, (c) => c.primaryKey())
    .addColumn('serviceId', text, (c) => c.notNull().unique())
    .addColumn('level', int, (c) => c.notNull())
    .addColumn('channel', text, (c) => c.notNull())
    .addColumn('cause', text, (c) => c.notNull())
    .addColumn('entryId', int, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('correctedLowMs', int)
    .addColumn('correctedHighMs', int)
    .execute();
  await db.schema
    .createTable('forward')
    .addColumn('ratingId', text, (c) => c.primaryKey())
    .addColumn('state', text, (c) => c.notNull())
    .addColumn('attempts', int, (c) => c.notNull())
    .addColumn('nextAt', int, (c) => c.notNull())
    .addColumn('claimedUntil', int, (c) => c.notNull())
    .addColumn('lastCode', text)
    .addColumn('deliveredAt', int)
    .execute();
  await sql`create index ${sql.id('forwardDue')} on ${sql.table('forward')} (${sql.ref('nextAt')}) where state = 'waiting'`.execute(
    db,
  );
  await db.schema.createIndex('serviceSeen').on('service').columns(['terminal', 'closedSeenAt']).execute();
  await sql`create index ${sql.id('serviceOpen')} on ${sql.table('service')} (${sql.ref('terminal')}) where state <> 'closed'`.execute(
    db,
  );
}

async function addReasons(db: Transaction<HallDatabase>): Promise<void> {
  await db.schema.alterTable('press').addColumn('reasons', 'text').execute();
}

async function addTerminalCare(db: Transaction<HallDatabase>, { int }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('part')
    .addColumn('terminal', 'text', (c) => c.notNull())
    .addColumn('part', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('code', 'text')
    .addColumn('since', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('partKey', ['terminal', 'part'])
    .execute();
  await db.schema
    .createTable('selfCheck')
    .addColumn('checkId', 'text', (c) => c.primaryKey())
    .addColumn('terminal', 'text', (c) => c.notNull())
    .addColumn('staffNo', 'text')
    .addColumn('result', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('startedAt', int, (c) => c.notNull())
    .addColumn('endedAt', int, (c) => c.notNull())
    .addColumn('items', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('selfCheckNewest').on('selfCheck').columns(['terminal', 'startedAt']).execute();
}

async function addCheckpoints(db: Transaction<HallDatabase>, { int, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('checkpoint')
    .addColumn('epochId', int, (c) => c.primaryKey())
    .addColumn('throughSeq', int, (c) => c.notNull())
    .addColumn('hash', bytes, (c) => c.notNull())
    .addColumn('keyId', 'text', (c) => c.notNull())
    .addColumn('signature', bytes, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .execute();
}
