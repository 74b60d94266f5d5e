import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSafe } from '../../gateway/evaluator/open-safe.js';
import { openHall } from '../../gateway/open-hall.js';
import { openReminders } from '../../gateway/reminders/open-reminders.js';
import { nodeRandomness, systemClock } from '../../protocol/runtime/node-suite.js';
import { POLICY } from '../api/hall-edge.js';
import { configure } from '../days/old-services.js';
import { quiet, temporaryFolder } from '../ingest/hall-log.js';

/** Opens the messages of a hall with this `sms`; the folder's names stand in for `@`. */
async function open(sms: Record<string, unknown> | undefined, enabled = true, withRing = true) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'short'), 'too-short\n');
  const said =
    sms && Object.fromEntries(Object.entries(sms).map(([key, value]) => [key, String(value).replace('@', folder)]));
  const ring = withRing ? { evaluator: { keyFile: join(folder, 'ring.json') } } : {};
  const { config } = configure(folder, { ...ring, ...(said === undefined ? {} : { sms: said }) });
  const { store } = await openHall(config);
  onTestFinished(() => store.close());
  const policy = { ...POLICY, reminders: { ...POLICY.reminders, enabled } };
  const evaluators = await openSafe(config, store, systemClock);
  const uniform = () => nodeRandomness.uniform();
  const reminders = openReminders(config, { store, evaluators, clock: systemClock, policy, uniform, logger: quiet });
  await reminders?.stop();
  return reminders;
}

test('numbers are not written where backups are made of, nor shown with a secret that is none', async () => {
  await expect(open({ file: '@/data/messages' })).rejects.toThrow('sms.file: must not be in dataDir');
  await expect(open({ file: '@/data/deeper/messages' })).rejects.toThrow('sms.file');
  const url = 'http://127.0.0.1:9/send';
  await expect(open({ kind: 'http', url, secretFile: '@/short' })).rejects.toThrow('sms.secretFile: the secret must');
  await expect(open({ kind: 'http', url, secretFile: '@/none' })).rejects.toThrow('sms.secretFile: cannot be read');
});

test('messages go only where policy, carrier and keys are there', async () => {
  expect(await open({ file: '@/messages' })).not.toBeNull();
  expect(await open({ kind: 'http', url: 'http://127.0.0.1:9/send', secretFile: '@/secret' })).not.toBeNull();
  expect(await open({ file: '@/messages' }, false)).toBeNull();
  expect(await open(undefined)).toBeNull();
  expect(await open({ file: '@/messages' }, true, false)).toBeNull();
});
