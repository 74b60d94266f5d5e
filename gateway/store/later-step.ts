/** Step 6 of the schema: what rating later by phone needs, and levels of single things. */
import { sql, type Transaction } from 'kysely';
import { serviceReferenceOf } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import type { ColumnTypes } from './dialect.js';
import type { HallDatabase } from './schema.js';

/** Services that are given their reference by one statement. */
const STRIDE = 400;

export async function addLater(db: Transaction<HallDatabase>, { id, int }: ColumnTypes): Promise<void> {
  for (const table of ['press', 'rating', 'aside'] as const)
    await db.schema.alterTable(table).addColumn('marks', 'text').execute();
  for (const table of ['rating', 'aside'] as const)
    for (const column of ['replaces', 'orderedAs'])
      await db.schema.alterTable(table).addColumn(column, 'text').execute();
  await db.schema.alterTable('service').addColumn('reference', 'text').execute();
  await db.schema.createIndex('serviceByReference').on('service').column('reference').execute();
  await giveReferences(db);
  await db.schema.alterTable('service').addColumn('lastPressId', 'text').execute();
  await sql`update ${sql.table('service')} set ${sql.ref('lastPressId')} = (select ${sql.ref('pressId')} from ${sql.table('press')} where ${sql.ref('press.serviceId')} = ${sql.ref('service.serviceId')} order by ${sql.ref('entryId')} desc limit 1) where state <> 'closed'`.execute(
    db,
  );
  // A tree of random keys less for each press of a backlog (docs/decisions/0015).
  await db.schema.dropIndex('pressByService').execute();
  await db.schema
    .createTable('provisional')
    .addColumn('serviceId', 'text', (c) => c.primaryKey())
    .addColumn('terminal', 'text', (c) => c.notNull())
    .addColumn('reference', 'text', (c) => c.notNull())
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('resolvedTo', 'text')
    .addUniqueConstraint('provisionalByReference', ['terminal', 'reference'])
    .execute();
  // Those that wait for their service: hardly any, so that whoever opens services looks into an empty index.
  await sql`create index ${sql.id('provisionalWaiting')} on ${sql.table('provisional')} (${sql.ref('terminal')}, ${sql.ref('reference')}) where ${sql.ref('resolvedTo')} is null`.execute(
    db,
  );
  await db.schema
    .createTable('attempt')
    .addColumn('subject', 'text', (c) => c.primaryKey())
    .addColumn('failures', int, (c) => c.notNull())
    .addColumn('lockedUntil', int, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('flag')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('flag', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('evidence', 'text', (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .addColumn('clearedAt', int)
    .addUniqueConstraint('flagBySubject', ['flag', 'subject'])
    .execute();
  await addCallers(db, int);
  // Lists of reasons that the hall has had.
  await db.schema
    .createTable('reasonList')
    .addColumn('id', id, (c) => c.primaryKey().autoIncrement())
    .addColumn('list', 'text', (c) => c.notNull())
    .addColumn('reasons', 'text', (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .execute();
}

/** Who rated by phone, as far as somebody may look at it; and by what a case is found at its window. */
async function addCallers(db: Transaction<HallDatabase>, int: ColumnTypes['int']): Promise<void> {
  await db.schema
    .createTable('sighting')
    .addColumn('ratingId', 'text', (c) => c.primaryKey())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('block', 'text', (c) => c.notNull())
    .addColumn('inHall', int, (c) => c.notNull())
    .addColumn('at', int, (c) => c.notNull())
    .execute();
  await db.schema.createIndex('sightingAt').on('sighting').column('at').execute();
  // Only what the business system asked for has a phone number beside it, and until when it may be opened.
  await sql`create index ${sql.id('serviceByCase')} on ${sql.table('service')} (${sql.ref('caseNo')}) where ${sql.ref('validUntil')} is not null`.execute(
    db,
  );
}

/**
 * Services that were there before have slips out already, whose codes find them by this; so have those that an older
 * version opened after an update was rolled back.
 */
export async function giveReferences(db: Transaction<HallDatabase>): Promise<void> {
  for (;;) {
    const rows = await db
      .selectFrom('service')
      .select('serviceId')
      .where('reference', 'is', null)
      .limit(STRIDE)
      .execute();
    if (rows.length === 0) return;
    const pairs = rows.map(({ serviceId }) => sql`(${serviceId}, ${serviceReferenceOf(nodeSuite, serviceId)})`);
    await sql`update ${sql.table('service')} set ${sql.ref('reference')} = said.column2 from (values ${sql.join(pairs)}) as said where ${sql.table('service')}.${sql.ref('serviceId')} = said.column1`.execute(
      db,
    );
  }
}
