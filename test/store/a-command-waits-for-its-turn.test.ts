import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../ingest/hall-log.js';
import { Program } from '../support/program.js';

/** Longer than a gateway itself would wait, and the start of a command. */
const BUSY_MS = 4_000;

test('also where a gateway at full work leaves it none for a while', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'gateway.json');
  const secretFile = 'secret';
  const of = { hall: 'h', gateway: 'gw', dataDir: folder, policyFile: 'policy.yaml' };
  const http = { port: 7300, secretFile };
  const centre = { url: 'http://127.0.0.1:7400', secretFile };
  writeFileSync(config, JSON.stringify({ ...of, http, centre, mqtt: { url: 'mqtt://127.0.0.1:1883' } }));
  const command = () => new Program('pjq', ['dist/gateway/pjq.js', 'store', 'restored', '--config', config]);
  const first = command();
  onTestFinished(() => first.kill());
  await first.start({ waitForListening: false });
  await expect.poll(() => first.running).toBe(false);

  const drain = new Database(join(folder, 'hall.db'));
  onTestFinished(() => void drain.close());
  drain.exec('begin immediate');
  const second = command();
  onTestFinished(() => second.kill());
  await second.start({ waitForListening: false });
  await sleep(BUSY_MS);
  drain.exec('commit');
  await expect.poll(() => second.running).toBe(false);
  expect([first.stderr, second.stderr]).toEqual([[], []]);
  expect([first, second].map(({ lines }) => lines.length)).toEqual([1, 1]);
});
