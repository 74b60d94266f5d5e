import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog } from '../ingest/hall-log.js';

const TABLES = [
  'entry',
  'epoch',
  'service',
  'press',
  'rating',
  'forward',
  'terminal',
  'terminalKey',
  'quarantine',
  'alarm',
  'meta',
  'timePair',
];

test('opening a database again keeps everything and adds nothing', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1');
  chain.appendAnything({ kind: 'weather', body: {} });
  await hall.send(chain, chain.batch());
  const contents = (one: HallLog) => TABLES.map((table) => one.rows(`SELECT * FROM "${table}" ORDER BY 1, 2`));
  const [before, identity] = [contents(hall), await hall.store.identity()];
  await hall.close();
  const again = await HallLog.open({ folder: hall.folder, key: hall.key });
  expect(contents(again)).toEqual(before);
  expect(await again.store.identity()).toEqual(identity);
  expect(again.rows('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  chain.ratedService('s-2');
  expect(await again.send(chain, chain.batch(6))).toMatchObject([{ throughSeq: 8, ...identity }]);
});

test('a database that a newer version has added to is opened and written as it is', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1');
  await hall.send(chain, chain.batch());
  await hall.close();
  const newer = new Database(join(hall.folder, 'hall.db'));
  newer.exec(`
    UPDATE meta SET value = CAST(value + 1 AS TEXT) WHERE key = 'schema';
    CREATE TABLE workOrder (id INTEGER PRIMARY KEY, ratingId TEXT NOT NULL);
    INSERT INTO workOrder (ratingId) VALUES ('kept');
    ALTER TABLE entry ADD COLUMN sealed BLOB;
    ALTER TABLE service ADD COLUMN evaluator TEXT;
    ALTER TABLE rating ADD COLUMN mood TEXT;
    CREATE INDEX entryByKind ON entry (kind);`);
  const schema = newer.prepare("SELECT value FROM meta WHERE key = 'schema'").pluck().get();
  newer.close();

  const older = await HallLog.open({ folder: hall.folder, key: hall.key });
  expect(older.rows("SELECT value FROM meta WHERE key = 'schema'")).toEqual([{ value: schema }]);
  chain.ratedService('s-2', 1);
  expect(await older.send(chain, chain.batch(5))).toMatchObject([{ throughSeq: 7 }]);
  await older.terminal('t2');
  expect([older.total('rating'), older.total('forward'), older.total('workOrder')]).toEqual([2, 2, 1]);
  expect(verifyFile(join(hall.folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.key.publicKey] }).ok).toBe(
    true,
  );
});
