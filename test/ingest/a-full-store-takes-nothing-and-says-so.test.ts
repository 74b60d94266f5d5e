import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { StoreFault } from '../../gateway/store/store-fault.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { HallLog, temporaryFolder } from './hall-log.js';

test('a full store acknowledges nothing, says so to each terminal once, and goes on when there is room', async () => {
  const faults: (StoreFault | null)[] = [];
  const hall = await HallLog.open({ onStoreFault: (fault) => faults.push(fault) });
  const [t1, t2] = [await hall.terminal('t1'), await hall.terminal('t2')];
  for (let n = 0; n < 30; n += 1) for (const chain of [t1, t2]) chain.ratedService(`${chain.terminal}-${n}`);
  // As a disk would: SQLite's own limit of pages answers with the very same code.
  await sql`pragma max_page_count = 1`.execute(hall.store.db);
  const before = hall.total('entry');
  const refused = await hall.arrive(['t1', t1.batch(1, 40)], ['t1', t1.batch(41)], ['t2', t2.batch()]);
  expect(refused.map(({ terminal, throughSeq, refused: why }) => [terminal, throughSeq, why?.code]).sort()).toEqual([
    ['t1', 0, 'store-full'],
    ['t2', 0, 'store-full'],
  ]);
  expect(hall.total('entry')).toBe(before);
  expect(faults).toEqual(['full']);

  await sql`pragma max_page_count = 1000000`.execute(hall.store.db);
  expect(await hall.send(t1, t1.batch())).toMatchObject([{ throughSeq: t1.headSeq }]);
  expect(await hall.send(t2, t2.batch())).toMatchObject([{ throughSeq: t2.headSeq }]);
  expect(faults).toEqual(['full', null]);
});

test('a damaged store acknowledges nothing, and takes nothing more', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 60; n += 1) chain.ratedService(`s-${n}`);
  await hall.send(chain, chain.batch(1, 100));
  await hall.close();
  const folder = temporaryFolder();
  const file = join(folder, DATABASE_FILE);
  copyFileSync(join(hall.folder, DATABASE_FILE), file);
  const db = new Database(file);
  // The page of the index on which the terminal's next seq would come to stand.
  const page = db
    .prepare<[], { pageno: number }>(
      "SELECT max(pageno) AS pageno FROM dbstat WHERE name = 'sqlite_autoindex_entry_1' AND pagetype = 'leaf'",
    )
    .get()?.pageno;
  const size = db.pragma('page_size', { simple: true }) as number;
  db.close();
  const bytes = openSync(file, 'r+');
  writeSync(bytes, Buffer.alloc(size, 0xa5), 0, size, ((page ?? 0) - 1) * size);
  closeSync(bytes);

  const faults: (StoreFault | null)[] = [];
  const damaged = await HallLog.open({ folder, key: hall.key, onStoreFault: (fault) => faults.push(fault) });
  expect(await damaged.send(chain, chain.batch(101))).toEqual([]);
  expect(await damaged.send(chain, chain.batch(101))).toEqual([]);
  expect(faults).toEqual(['damaged']);
});
