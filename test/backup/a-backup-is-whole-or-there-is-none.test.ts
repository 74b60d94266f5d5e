import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { backupDatabase } from '../../gateway/backup/backup.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog, temporaryFolder } from '../ingest/hall-log.js';

async function hallWithRatings() {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 40; n += 1) chain.ratedService(`s-${n}`);
  await hall.send(chain, chain.batch(1, 61), chain.batch(62));
  const database = join(hall.folder, 'hall.db');
  const file = join(temporaryFolder(), 'hall.backup');
  return {
    hall,
    chain,
    database,
    file,
    back: () => backupDatabase(database, file, { suite: nodeSuite, publicKey: hall.key.publicKey }),
  };
}

test('one file that only its owner reads, verified, with all that was committed', async () => {
  const { hall, file, back } = await hallWithRatings();
  const report = back();
  expect(report).toEqual({ bytes: statSync(file).size, chains: 2, entries: hall.total('entry') });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(file, '..'))).toEqual(['hall.backup']);
  const copy = new Database(file, { readonly: true });
  for (const table of [
    'entry',
    'epoch',
    'rating',
    'service',
    'press',
    'forward',
    'terminalKey',
    'meta',
    'sqlite_sequence',
  ])
    expect(copy.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all(), table).toEqual(
      hall.rows(`SELECT * FROM "${table}" ORDER BY 1, 2`),
    );
  copy.close();
});

test("a write that is under way is in nobody's way, and not in the copy", async () => {
  const { hall, chain, file, back } = await hallWithRatings();
  const before = chain.headSeq;
  hall.run('BEGIN IMMEDIATE; UPDATE terminal SET window = 2;');
  back();
  hall.run('COMMIT');
  const copy = new Database(file, { readonly: true });
  expect(copy.prepare('SELECT window FROM terminal').pluck().all()).toEqual(['1']);
  copy.close();
  chain.ratedService('s-later');
  expect(await hall.send(chain, chain.batch(before + 1))).toMatchObject([{ throughSeq: chain.headSeq }]);
});

test('what does not verify takes no name, and the backup of last night stays', async () => {
  const { hall, file, back } = await hallWithRatings();
  back();
  const lastNight = readFileSync(file);
  hall.run(
    "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'level', 'Level') AS BLOB) WHERE seq = 9 AND kind = 'press' OR seq = 9",
  );
  expect(back).toThrow(/altered/);
  expect(back).toThrow(expect.objectContaining({ code: 'store-damaged' }) as Error);
  expect(readFileSync(file).equals(lastNight)).toBe(true);
  expect(existsSync(`${file}.part`)).toBe(false);
});

test('a database with a torn page gives no backup', async () => {
  const { hall, database, file, back } = await hallWithRatings();
  hall.run('PRAGMA wal_checkpoint(TRUNCATE)');
  const [{ rootpage = 0 } = {}] = hall.rows<{ rootpage: number }>(
    "SELECT rootpage FROM sqlite_schema WHERE name = 'rating'",
  );
  await hall.close();
  const bytes = readFileSync(database);
  bytes.fill(0xee, (rootpage - 1) * 4096, (rootpage - 1) * 4096 + 64);
  writeFileSync(database, bytes);
  expect(back).toThrow(expect.objectContaining({ code: 'store-damaged' }) as Error);
  expect(readdirSync(join(file, '..'))).toEqual([]);
});

test('a copy in the place of the database is one that the gateway goes on with', async () => {
  const { hall, chain, file, back } = await hallWithRatings();
  back();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'hall.db'), readFileSync(file));
  const again = await HallLog.open({ folder, key: hall.key });
  expect(again.rows('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  chain.ratedService('s-later');
  expect(await again.send(chain, chain.batch(chain.headSeq - 2))).toMatchObject([{ throughSeq: chain.headSeq }]);
  expect(again.total('rating')).toBe(41);
  expect(verifyFile(join(folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.key.publicKey] }).ok).toBe(true);
});
