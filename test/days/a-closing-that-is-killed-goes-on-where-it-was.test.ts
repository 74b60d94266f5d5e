import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { parseEntry } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { Program } from '../support/program.js';
import { makeOldHall } from './old-services.js';

const TOTAL = 5_000;

test('two at once and one that is killed close each service once, and row and entry agree', async () => {
  const folder = temporaryFolder();
  const { file } = await makeOldHall(folder, TOTAL);
  const db = new Database(join(folder, 'data', 'hall.db'), { readonly: true });
  onTestFinished(() => void db.close());
  const closed = () => db.prepare('SELECT count(*) FROM service WHERE expiredAt IS NOT NULL').pluck().get() as number;
  const said = () =>
    db.prepare("SELECT bytes FROM entry WHERE kind = 'service.expired' ORDER BY id").pluck().all() as Buffer[];
  const start = async () => {
    const program = new Program('pjq', ['dist/gateway/pjq.js', 'days', 'close', '--config', file]);
    onTestFinished(() => program.kill());
    await program.start({ waitForListening: false });
    return program;
  };
  const first = await start();
  await expect.poll(closed, { interval: 2 }).toBeGreaterThan(200);
  await first.kill();
  const half = closed();
  expect(half).toBeLessThan(TOTAL);
  expect(said()).toHaveLength(half);

  const both = [await start(), await start()];
  for (const program of both) await expect.poll(() => program.running).toBe(false);
  expect(both.flatMap(({ stderr }) => stderr)).toEqual([]);
  const told = both.map(({ lines }) => Number(/^(\d+) services/.exec(lines[0]?.event ?? '')?.[1]));
  expect((told[0] ?? 0) + (told[1] ?? 0)).toBe(TOTAL - half);
  expect(closed()).toBe(TOTAL);
  const services = said().map((bytes) => parseEntry(nodeSuite, bytes).body['serviceId']);
  expect([services.length, new Set(services).size]).toEqual([TOTAL, TOTAL]);
});
