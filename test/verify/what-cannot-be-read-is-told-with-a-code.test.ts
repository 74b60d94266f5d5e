import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog, temporaryFolder } from '../ingest/hall-log.js';
import { hallEvidence } from './evidence.js';

const verifying = (file: string) => () => verifyFile(file, { suite: nodeSuite, publicKeys: [] });
const coded = (code: string) => expect.objectContaining({ name: 'PjqError', code }) as Error;

test('a file that is not there, a folder, a text, another database', () => {
  const folder = temporaryFolder();
  expect(verifying(join(folder, 'none'))).toThrow(coded('request-malformed'));
  mkdirSync(join(folder, 'sub'));
  expect(verifying(join(folder, 'sub'))).toThrow(coded('request-malformed'));
  writeFileSync(join(folder, 'text'), 'this is a letter and no database at all, however long it may be. '.repeat(20));
  expect(verifying(join(folder, 'text'))).toThrow(coded('store-damaged'));
  const other = new Database(join(folder, 'other'));
  other.exec('CREATE TABLE thing (id INTEGER)');
  other.close();
  expect(verifying(join(folder, 'other'))).toThrow(coded('request-malformed'));
});

test('a database that was cut, or whose pages were overwritten', async () => {
  const { file } = await hallEvidence();
  const bytes = readFileSync(file);
  const copy = join(temporaryFolder(), 'hall.db');
  writeFileSync(copy, bytes);
  truncateSync(copy, Math.floor(bytes.length / 2));
  expect(verifying(copy)).toThrow(coded('store-damaged'));
  writeFileSync(copy, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x5a)]));
  expect(verifying(copy)).toThrow(coded('store-damaged'));
});

test('beside a program that writes, one state is read, and no byte of the database changes', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 10; n += 1) chain.ratedService(`s-${n}`);
  await hall.send(chain, chain.batch(1, 16));
  const file = join(hall.folder, 'hall.db');
  const before = [readFileSync(file), readFileSync(`${file}-wal`)];
  const options = { suite: nodeSuite, publicKeys: [hall.key.publicKey] };
  expect(verifyFile(file, options)).toMatchObject({ ok: true, faults: [] });
  expect([readFileSync(file), readFileSync(`${file}-wal`)]).toEqual(before);
  await hall.send(chain, chain.batch(17));
  expect(verifyFile(file, options)).toMatchObject({ ok: true, faults: [], projections: { ratings: 10 } });
});
