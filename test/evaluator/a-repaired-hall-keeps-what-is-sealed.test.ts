import { expect, test } from 'vitest';
import { eraseServices } from '../../gateway/evaluator/erase.js';
import { repair, servedHall } from '../repair/repairing.js';
import { ringFile, safeStore, sealedRow } from './hall-safe.js';
import { plantedEvaluator } from './planted.js';

test('a repair carries sealed evaluators, texts and opt-outs over as they stand, and opens nothing', async () => {
  const served = await servedHall(6);
  const file = ringFile();
  const before = await safeStore({ ...served, file });
  await before.store.db.transaction().execute(async (trx) => {
    for (const n of [0, 1]) await before.safe.record(trx, `s-${n}`, plantedEvaluator(n));
    await eraseServices(trx, before.store, ['s-1'], 'asked', 5);
    await trx
      .insertInto('optOut')
      .values({ phoneDigest: before.safe.phoneDigest('13800000000'), at: 5 })
      .execute();
    await trx
      .insertInto('freeText')
      .values([
        {
          commitment: 'a'.repeat(43),
          ratingId: 'r'.repeat(11),
          salt: Buffer.alloc(16),
          text: '好',
          appStatus: 3,
          at: 5,
        },
        { commitment: 'b'.repeat(43), ratingId: 'r'.repeat(11), salt: null, text: null, appStatus: 3, at: 5 },
      ])
      .execute();
  });
  const rows = (hall: typeof before) =>
    Promise.all([
      sealedRow(hall.store, 's-0'),
      sealedRow(hall.store, 's-1'),
      hall.store.db.selectFrom('optOut').selectAll().execute(),
      hall.store.db.selectFrom('freeText').selectAll().orderBy('commitment').execute(),
    ]);
  const stood = await rows(before);
  await before.store.close();

  await repair(served);

  const after = await safeStore({ ...served, file });
  expect(await rows(after)).toEqual(stood);
  expect(await after.safe.evaluatorFor('s-0')).toEqual(plantedEvaluator(0));
  expect(await after.safe.evaluatorFor('s-1')).toBeNull();
});
