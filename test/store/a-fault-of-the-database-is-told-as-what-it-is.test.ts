import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openSqlite } from '../../gateway/store/dialect.js';
import { isLocked, storeFault } from '../../gateway/store/store-fault.js';
import { temporaryFolder } from '../ingest/hall-log.js';

const coded = (code: string) => Object.assign(new Error(code), { code });

test('the families of codes, and what hides behind another error', () => {
  for (const code of ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'SQLITE_READONLY', 'ENOSPC', 'EROFS'])
    expect(storeFault(coded(code)), code).toBe('full');
  for (const code of ['SQLITE_CORRUPT', 'SQLITE_CORRUPT_INDEX', 'SQLITE_NOTADB', 'SQLITE_IOERR_SHORT_READ'])
    expect(storeFault(coded(code)), code).toBe('damaged');
  for (const code of ['SQLITE_BUSY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_FULLER'])
    expect(storeFault(coded(code))).toBe('other');
  expect([coded('SQLITE_BUSY_SNAPSHOT'), coded('SQLITE_FULL')].map(isLocked)).toEqual([true, false]);
  expect(storeFault(new Error('outer', { cause: coded('SQLITE_FULL') }))).toBe('full');
  expect(storeFault('SQLITE_FULL')).toBe('other');
});

test('a full database says so, although SQLite has rolled back by itself, and goes on when there is room', async () => {
  const seen: unknown[] = [];
  const opened = openSqlite(join(temporaryFolder(), 'x.db'), { onFault: (error) => seen.push(error) });
  onTestFinished(() => opened.close());
  const { db } = opened;
  await sql`create table t (b blob)`.execute(db);
  await sql`pragma max_page_count = 20`.execute(db);
  const write = () =>
    db.transaction().execute((trx) => sql`insert into t values (${Buffer.alloc(200_000)})`.execute(trx));
  await expect(write()).rejects.toSatisfy((error) => storeFault(error) === 'full');
  expect(seen.map(storeFault)).toEqual(['full']);
  await sql`pragma max_page_count = 20000`.execute(db);
  await write();
});

test('a connection that has met damage writes no more, not even where nothing is damaged', async () => {
  const file = join(temporaryFolder(), 'x.db');
  const before = openSqlite(file);
  await sql`create table sound (a integer)`.execute(before.db);
  await sql`create table hurt (a integer)`.execute(before.db);
  const { rows } = await sql<{ rootpage: number }>`select rootpage from sqlite_schema where name = 'hurt'`.execute(
    before.db,
  );
  await before.close();
  const bytes = readFileSync(file);
  bytes.fill(0xee, ((rows[0]?.rootpage ?? 0) - 1) * 4096, (rows[0]?.rootpage ?? 0) * 4096);
  writeFileSync(file, bytes);

  const opened = openSqlite(file);
  onTestFinished(() => opened.close());
  const write = (table: string) => sql`insert into ${sql.table(table)} values (1)`.execute(opened.db);
  await write('sound');
  await expect(write('hurt')).rejects.toSatisfy((error) => storeFault(error) === 'damaged');
  await expect(write('sound')).rejects.toSatisfy((error) => storeFault(error) === 'damaged');
  expect((await sql`select * from sound`.execute(opened.db)).rows).toHaveLength(1);
});
