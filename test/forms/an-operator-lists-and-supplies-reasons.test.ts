import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { keepText } from '../../gateway/services/free-text.js';
import { HallLog } from '../ingest/hall-log.js';

const run = promisify(execFile);

test('beside a running gateway, with ids, windows and times, and never a level', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const [listed, other] = [chain.ratedService('s-1', 1), chain.ratedService('s-2', 2)];
  await hall.send(chain, chain.batch());
  hall.run(`UPDATE forward SET state = 'awaiting-reason', nextAt = 1790000000000 WHERE ratingId = '${listed}'`);
  const config = join(hall.folder, 'gateway.json');
  const secretFile = 'secret';
  const of = { hall: 'demo', gateway: 'gw', dataDir: hall.folder, policyFile: 'policy.yaml' };
  const centre = { url: 'http://127.0.0.1:7400', secretFile };
  const mqtt = { url: 'mqtt://127.0.0.1:1883' };
  writeFileSync(config, JSON.stringify({ ...of, http: { port: 7300, secretFile }, centre, mqtt }));
  const words = join(hall.folder, 'words.txt');
  writeFileSync(words, '等了两个小时\n');
  const command = async (...args: string[]) =>
    (await run(process.execPath, ['dist/gateway/pjq.js', ...args, '--config', config])).stdout;
  const pjq = (...args: string[]) => command('reasons', ...args);

  expect(await pjq('list')).toBe(`${listed}\ts-1\t1\t2026-09-21T14:13:20.000Z\n`);
  await expect(pjq('supply', other, '--codes', '214')).rejects.toThrow('reason-not-awaited');
  expect(await pjq('supply', listed, '--codes', '115, 110', '--text-file', words)).toBe(`${listed} is on its way\n`);
  expect(await pjq('list')).toBe('');
  expect(hall.rows('SELECT text, appStatus FROM freeText')).toEqual([{ text: '等了两个小时', appStatus: 2 }]);
  expect(hall.ownBodies('reason.supplied')).toMatchObject([
    { ratingId: listed, by: 'callback', codes: ['115', '110'] },
  ]);

  // What an evaluator wrote is looked at before it goes anywhere.
  const nowMs = 1_790_000_000_000;
  const said = await hall.store.db.transaction().execute((trx) => keepText(trx, other, '窗口没有人', { nowMs }));
  expect(await command('texts', 'list')).toBe(`${other}\t2026-09-21T14:13:20.000Z\t窗口没有人\n`);
  expect(await command('texts', 'pass', other, '--by', 'zhang')).toBe(`${other} has passed\n`);
  expect(await command('texts', 'pass', other, '--by', 'zhang')).toBe(`nothing of ${other} waits for a review\n`);
  expect(await command('texts', 'list')).toBe('');
  expect(hall.ownBodies('text.settled')).toEqual([{ commitment: said, outcome: 'reviewed', by: 'zhang' }]);
});
