import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newRing, readRing, refuseBesideData, writeRing } from '../../gateway/evaluator/key-ring-file.js';
import { KeyRing } from '../../gateway/evaluator/key-ring.js';
import { openSafe } from '../../gateway/evaluator/open-safe.js';
import type { PjqError } from '../../protocol/index.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { ringFile, safeStore } from './hall-safe.js';
import { plantedEvaluator } from './planted.js';

const faulty = (detail: string): Error =>
  expect.objectContaining({
    code: 'config-invalid',
    detail: expect.stringContaining(`evaluator.keyFile: ${detail}`),
  }) as Error;

test('a ring in the data folder is refused, through whatever links and dots', () => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  mkdirSync(join(dataDir, 'deep'), { recursive: true });
  symlinkSync(dataDir, join(folder, 'link'));
  writeFileSync(join(dataDir, 'real.json'), '');
  symlinkSync(join(dataDir, 'real.json'), join(folder, 'keys.json'));
  const inside = ['data/keys.json', 'data/deep/new/keys.json', 'link/keys.json', 'x/../data/k', 'keys.json'];
  for (const file of inside)
    expect(() => refuseBesideData(join(folder, file), dataDir), file).toThrow(faulty('must lie outside dataDir'));
  for (const file of ['other/keys.json', 'data-keys.json', '..keys.json', 'x/keys.json'])
    refuseBesideData(join(folder, file), dataDir);
  refuseBesideData(join(folder, 'keys'), join(folder, 'keys', 'data'));
});

test('a ring is made readable by its owner only, and one that others may read is refused', () => {
  const file = ringFile();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const mode of [0o640, 0o604, 0o660, 0o602]) {
    chmodSync(file, mode);
    expect(() => new KeyRing(file)).toThrow(faulty('must be readable by its owner only'));
  }
  chmodSync(file, 0o400);
  expect(new KeyRing(file).ids()).toHaveLength(1);
});

test('a ring that is none is refused with every fault, and nothing of it is repeated', () => {
  const file = ringFile();
  const good = JSON.parse(readFileSync(file, 'utf8')) as { keys: { key: string }[]; digest: object; active: string };
  const secret = good.keys[0]?.key ?? '';
  const broken = [
    '',
    `{"keys":"${secret}`,
    JSON.stringify({ ...good, active: 'f'.repeat(16) }),
    JSON.stringify({ ...good, keys: [] }),
    JSON.stringify({ ...good, keys: [...good.keys, ...good.keys] }),
    JSON.stringify({ ...good, keys: [{ ...good.keys[0], key: secret.slice(1) }] }),
    JSON.stringify({ ...good, keys: [{ ...good.keys[0], suite: secret }] }),
    JSON.stringify({ ...good, [secret]: 1 }),
    JSON.stringify({ ...good, digest: undefined }),
  ];
  for (const text of broken) {
    writeFileSync(file, text);
    const error = refusal(() => readRing(file));
    expect(error.code).toBe('config-invalid');
    expect(error.message).not.toContain(secret.slice(2));
  }
});

test('a missing ring is made at first use; once data is sealed it is not, since that would lock it in for ever', async () => {
  const hall = await safeStore();
  const keyFile = join(temporaryFolder(), 'apart', 'keys.json');
  const evaluator = { keyFile, suite: 'sm4-sm3', retentionDays: 30 } as const;
  const config = { evaluator, dataDir: hall.folder };
  expect(await openSafe({ dataDir: hall.folder }, hall.store, hall.clock)).toBeUndefined();
  const safe = await openSafe(config, hall.store, hall.clock);
  expect(readRing(keyFile).keys.map(({ suite }) => suite)).toEqual(['sm4-sm3']);
  expect(readRing(keyFile).digest.hash).toBe('sm3');
  await hall.store.db.transaction().execute(async (trx) => safe?.record(trx, 's-1', plantedEvaluator(0)));
  expect(await (await openSafe(config, hall.store, hall.clock))?.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));

  const elsewhere = { ...evaluator, keyFile: join(temporaryFolder(), 'lost.json') };
  await expect(openSafe({ ...config, evaluator: elsewhere }, hall.store, hall.clock)).rejects.toMatchObject({
    code: 'evaluator-key-missing',
  });
  await expect(
    openSafe({ ...config, evaluator: { ...evaluator, suite: 'aes-256-gcm' } }, hall.store, hall.clock),
  ).rejects.toThrow(faulty('its active key is for sm4-sm3'));
});

test('while the file is away or broken, what was known goes on', () => {
  const file = ringFile();
  const before = readFileSync(file, 'utf8');
  const ring = new KeyRing(file);
  const { id } = ring.active();
  writeFileSync(file, '{');
  expect(ring.active().id).toBe(id);
  const digest = ring.digest('request', 'a');
  writeRing(file, { ...newRing('aes-256-gcm', 5), digest: (JSON.parse(before) as { digest: never }).digest });
  expect(ring.active().id).not.toBe(id);
  expect(() => ring.find(id)).toThrow(expect.objectContaining({ code: 'evaluator-key-missing' }));
  expect(ring.digest('request', 'a')).toBe(digest);
});

test('digests of one purpose say nothing of another, and a phone number has one however it is written', () => {
  const [one, other] = [new KeyRing(ringFile()), new KeyRing(ringFile())];
  expect(one.digest('request', 'a')).not.toBe(one.digest('phone', 'a'));
  expect(one.digest('request', 'a')).not.toBe(other.digest('request', 'a'));
  expect(one.phoneDigest('+86 13800000000')).toBe(one.phoneDigest('13800000000'));
  expect(one.phoneDigest('13800000000')).not.toBe(one.phoneDigest('13800000001'));
});

function refusal(work: () => unknown): PjqError {
  try {
    work();
  } catch (error) {
    return error as PjqError;
  }
  throw new Error('it was taken');
}
