/** Step 5 of the schema: what the rules of a service need beside the first tables. */
import { sql, type Transaction } from 'kysely';
import type { ColumnTypes } from './dialect.js';
import type { HallDatabase } from './schema.js';

export async function addServiceRules(db: Transaction<HallDatabase>, types: ColumnTypes): Promise<void> {
  await widen(db, types);
  await createAside(db, types);
  await createPersonal(db, types);
  await addServiceFormIndexes(db);
  // What the days can still end: those without a rating and without an end of their days.
  await sql`create index ${sql.id('serviceDays')} on ${sql.table('service')} (${sql.ref('daysFrom')}) where ${sql.ref('ratingId')} is null and ${sql.ref('expiredAt')} is null`.execute(
    db,
  );
  await sql`create index ${sql.id('forwardHeld')} on ${sql.table('forward')} (${sql.ref('nextAt')}) where state in ('held', 'awaiting-reason')`.execute(
    db,
  );
}

/** What finds a service's follow-up, and the texts of a rating. */
async function addServiceFormIndexes(db: Transaction<HallDatabase>): Promise<void> {
  await sql`create index ${sql.id('serviceFollowsUp')} on ${sql.table('service')} (${sql.ref('followsUp')}) where ${sql.ref('followsUp')} is not null`.execute(
    db,
  );
  await db.schema.createIndex('freeTextByRating').on('freeText').column('ratingId').execute();
}

async function widen(db: Transaction<HallDatabase>, { int }: ColumnTypes): Promise<void> {
  const add = async (table: 'service' | 'rating' | 'forward', column: string, type: 'text' | ColumnTypes['int']) =>
    db.schema.alterTable(table).addColumn(column, type).execute();
  for (const column of ['form', 'cases', 'followsUp', 'attributedTo', 'department', 'dutyStaffNo'])
    await add('service', column, 'text');
  for (const column of ['assessNumber', 'coveredAt', 'daysFrom', 'expiredAt', 'defaultLevel', 'takenBackAt'])
    await add('service', column, int);
  for (const column of ['latestMs', 'verified']) await add('rating', column, int);
  for (const column of ['reasons', 'text']) await add('rating', column, 'text');
  for (const column of ['corrects', 'supplied']) await add('forward', column, 'text');
}

async function createAside(db: Transaction<HallDatabase>, { int }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('aside')
    .addColumn('ratingId', 'text', (c) => c.primaryKey())
    .addColumn('serviceId', 'text', (c) => c.notNull())
    .addColumn('level', int, (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('entryId', int, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('correctedLowMs', int)
    .addColumn('correctedHighMs', int)
    .addColumn('latestMs', int)
    .addColumn('verified', int)
    .addColumn('reasons', 'text')
    .addColumn('text', 'text')
    .addColumn('code', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('asideByService').on('aside').column('serviceId').execute();
}

async function createPersonal(db: Transaction<HallDatabase>, { id, int, bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('freeText')
    // One rating may have two: its evaluator's words, and what a callback brought.
    .addColumn('commitment', 'text', (c) => c.primaryKey())
    .addColumn('ratingId', 'text', (c) => c.notNull())
    .addColumn('salt', bytes)
    .addColumn('text', 'text')
    .addColumn('appStatus', int, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('evaluator')
    .addColumn('serviceId', 'text', (c) => c.primaryKey())
    .addColumn('suite', 'text', (c) => c.notNull())
    .addColumn('wrapKeyId', 'text', (c) => c.notNull())
    .addColumn('dataKeyId', int)
    .addColumn('sealed', bytes)
    .addColumn('contactBasis', 'text')
    .addColumn('sealedAt', int, (c) => c.notNull())
    .addColumn('erasedAt', int)
    .execute();
  // Appended to only: rows of one size that are never deleted are never moved.
  await db.schema
    .createTable('dataKey')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('wrapped', bytes, (c) => c.notNull())
    .execute();
  // What is still to be erased, the oldest first.
  await sql`create index ${sql.id('evaluatorKept')} on ${sql.table('evaluator')} (${sql.ref('sealedAt')}, ${sql.ref('serviceId')}) where ${sql.ref('erasedAt')} is null`.execute(
    db,
  );
  await db.schema
    .createTable('reminder')
    .addColumn('serviceId', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('code', 'text')
    .addColumn('at', int, (c) => c.notNull())
    .addPrimaryKeyConstraint('reminderKey', ['serviceId', 'purpose'])
    .execute();
  await db.schema
    .createTable('optOut')
    .addColumn('phoneDigest', 'text', (c) => c.primaryKey())
    .addColumn('at', int, (c) => c.notNull())
    .execute();
}
