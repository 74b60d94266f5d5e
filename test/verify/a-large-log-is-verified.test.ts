import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { makeLargeStore } from './large-store.js';

const TOTAL = 100_000;

test('a log of 100,000 entries is verified, and its only altered entry found', async () => {
  const { file, key, entries } = await makeLargeStore(temporaryFolder(), TOTAL);
  expect(entries).toBeGreaterThan(TOTAL - 10);
  const began = performance.now();
  const report = verifyFile(file, { suite: nodeSuite, publicKeys: [key.publicKey] });
  process.stdout.write(`verified ${entries} entries in ${Math.round(performance.now() - began)} ms\n`);
  expect(report).toMatchObject({ ok: true, entries, faults: [] });
  // More services than are kept in memory: their rows were compared all the same.
  expect(report.projections).toMatchObject({ services: 24_998, presses: 24_998, ratings: 24_998, withoutEntries: 0 });
  const db = new Database(file);
  const { changes } = db
    .prepare(
      'UPDATE entry SET bytes = CAST(replace(bytes, \'"via":"key"\', \'"via":"kez"\') AS BLOB) WHERE epochId = 2 AND seq = 60003',
    )
    .run();
  expect(changes).toBe(1);
  db.close();
  expect(verifyFile(file, { suite: nodeSuite, publicKeys: [] }).chains.find(({ ok }) => !ok)?.verdict).toBe(
    'entry 60003 was altered',
  );
});
