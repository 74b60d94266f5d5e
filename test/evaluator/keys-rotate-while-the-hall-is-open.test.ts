import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRing } from '../../gateway/evaluator/key-ring-file.js';
import { KeyRing } from '../../gateway/evaluator/key-ring.js';
import { addKey, forgetKey, rewrapAll } from '../../gateway/evaluator/rotation.js';
import { nextSealed } from '../../gateway/evaluator/sealed-rows.js';
import { SUITE_NAMES } from '../../gateway/evaluator/seal-suite.js';
import { clearTraces } from '../../gateway/evaluator/traces.js';
import { backupDatabase } from '../../gateway/backup/backup.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { ringFile, safeStore, sealedRow, standsIn, type SafeStore } from './hall-safe.js';
import { plantedEvaluator } from './planted.js';

async function record({ store, safe }: SafeStore, serviceId: string, n = 0): Promise<void> {
  await store.db.transaction().execute((trx) => safe.record(trx, serviceId, plantedEvaluator(n)));
}

async function wrapKeys({ store }: SafeStore): Promise<Set<string>> {
  const rows = await store.db.selectFrom('evaluator').select('wrapKeyId').execute();
  return new Set(rows.map(({ wrapKeyId }) => wrapKeyId));
}

test('while the hall seals and opens, the keys rotate twice, and everything opens at every moment', async () => {
  const hall = await safeStore();
  for (let n = 0; n < 200; n += 1) await record(hall, `a-${n}`, n % 10);
  const [first] = hall.ring.ids();
  let rotating = true;
  const rotation = (async () => {
    for (let round = 0; round < 2; round += 1) {
      addKey(hall.file, 'aes-256-gcm', hall.clock.wallMs());
      expect((await rewrapAll(hall.store, hall.file)).unopened).toEqual([]);
    }
    rotating = false;
  })();
  let sealed = 0;
  while (rotating) {
    await record(hall, `b-${sealed}`, sealed % 10);
    expect(await hall.safe.evaluatorFor(`b-${sealed}`)).toEqual(plantedEvaluator(sealed % 10));
    expect(await hall.safe.evaluatorFor(`a-${sealed % 200}`)).toEqual(plantedEvaluator((sealed % 200) % 10));
    sealed += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await rotation;
  expect(sealed).toBeGreaterThan(5);
  await rewrapAll(hall.store, hall.file);
  expect(await wrapKeys(hall)).toEqual(new Set([hall.ring.active().id]));
  expect(hall.ring.ids()).toHaveLength(3);
  await forgetKey(hall.store, hall.file, first ?? '');
  for (let n = 0; n < 200; n += 1) expect(await hall.safe.evaluatorFor(`a-${n}`)).toEqual(plantedEvaluator(n % 10));
});

test('a key is forgotten only when nothing needs it', async () => {
  const hall = await safeStore();
  await record(hall, 's-1');
  const { id: first } = hall.ring.active();
  const inUse = expect.objectContaining({ code: 'evaluator-key-in-use' });
  await expect(forgetKey(hall.store, hall.file, first)).rejects.toThrow(inUse);
  const second = addKey(hall.file, 'aes-256-gcm', 1);
  await expect(forgetKey(hall.store, hall.file, first)).rejects.toThrow(inUse);
  await expect(forgetKey(hall.store, hall.file, 'f'.repeat(16))).rejects.toMatchObject({
    code: 'evaluator-key-missing',
  });
  expect(await rewrapAll(hall.store, hall.file)).toEqual({ rewrapped: 1, unopened: [] });
  await forgetKey(hall.store, hall.file, first);
  expect(readRing(hall.file).keys.map(({ id }) => id)).toEqual([second]);
  expect(await hall.safe.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));
});

test('the digests outlive a rotation: a request that comes again is known, and who wants no messages gets none', async () => {
  const hall = await safeStore();
  const before = [hall.safe.requestDigest(plantedEvaluator(0)), hall.safe.phoneDigest('13800000000')];
  addKey(hall.file, 'sm4-sm3', 1);
  await forgetKey(hall.store, hall.file, hall.ring.ids()[0] ?? '');
  expect([hall.safe.requestDigest(plantedEvaluator(0)), hall.safe.phoneDigest('13800000000')]).toEqual(before);
});

test.each(SUITE_NAMES)('a hall may go over from %s to the other suite', async (suite) => {
  const hall = await safeStore({ file: ringFile(suite) });
  await record(hall, 's-1');
  await record(hall, 's-2', 2);
  const other = SUITE_NAMES.find((name) => name !== suite) ?? suite;
  addKey(hall.file, other, 1);
  await record(hall, 's-3', 3);
  expect(await rewrapAll(hall.store, hall.file)).toEqual({ rewrapped: 2, unopened: [] });
  for (const [serviceId, n] of [
    ['s-1', 0],
    ['s-2', 2],
    ['s-3', 3],
  ] as const) {
    expect(await sealedRow(hall.store, serviceId)).toMatchObject({ suite: other });
    expect(await hall.safe.evaluatorFor(serviceId)).toEqual(plantedEvaluator(n));
  }
});

test('a row that does not open stays as it is, is named, and stops nothing', async () => {
  const hall = await safeStore();
  for (let n = 0; n < 5; n += 1) await record(hall, `s-${n}`, n);
  await hall.store.db
    .updateTable('dataKey')
    .set({ wrapped: Buffer.alloc(128, 61) })
    .where('id', '=', (e) => e.selectFrom('evaluator').select('dataKeyId').where('serviceId', '=', 's-2'))
    .execute();
  addKey(hall.file, 'aes-256-gcm', 1);
  expect(await rewrapAll(hall.store, hall.file)).toEqual({ rewrapped: 4, unopened: ['s-2'] });
});

test('a wrapped key that was replaced stays in no file', async () => {
  const hall = await safeStore();
  for (let n = 0; n < 60; n += 1) await record(hall, `s-${n}`, n % 10);
  const before = await nextSealed(hall.store.db, '', 100);
  expect(before.length).toBe(60);
  addKey(hall.file, 'aes-256-gcm', 1);
  await rewrapAll(hall.store, hall.file);
  expect(await clearTraces(hall.store, hall.folder)).toBe(true);
  expect(before.filter(({ wrappedKey }) => standsIn(hall.folder, wrappedKey))).toEqual([]);
});

test('a backup holds no key; with the ring it opens, without its key it says so, and a forgotten key shuts it for ever', async () => {
  const hall = await safeStore();
  await record(hall, 's-1');
  const restored = temporaryFolder();
  const backup = join(temporaryFolder(), 'hall.backup');
  backupDatabase(join(hall.folder, DATABASE_FILE), backup, { suite: nodeSuite, publicKey: hall.key.publicKey });
  const { keys, digest } = readRing(hall.file);
  for (const secret of [digest.key, ...keys.map(({ key }) => key)]) {
    expect(standsIn(join(backup, '..'), Buffer.from(secret))).toBe(false);
    expect(standsIn(join(backup, '..'), Buffer.from(secret, 'base64url'))).toBe(false);
  }
  copyFileSync(backup, join(restored, DATABASE_FILE));
  const again = await safeStore({ folder: restored, file: hall.file, key: hall.key });
  expect(await again.safe.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));

  const missing = { code: 'evaluator-key-missing' };
  const without = await safeStore({ folder: restored, key: hall.key });
  await expect(without.safe.evaluatorFor('s-1')).rejects.toMatchObject(missing);

  // The hall rotates and forgets: what the older backup holds is shut.
  addKey(hall.file, 'aes-256-gcm', 1);
  await rewrapAll(hall.store, hall.file);
  await forgetKey(hall.store, hall.file, keys[0]?.id ?? '');
  expect(await hall.safe.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));
  await expect(again.safe.evaluatorFor('s-1')).rejects.toMatchObject(missing);
  expect(new KeyRing(hall.file).ids()).toHaveLength(1);
});
