import { expect, test } from 'vitest';
import { heldData } from '../../gateway/evaluator/held-data.js';
import { eraseServices } from '../../gateway/evaluator/erase.js';
import { edgeWithSafe } from './hall-safe.js';
import { MARKS, plantedEvaluator } from './planted.js';
import { searchFiles } from './places.js';
import { Searcher } from './searcher.js';

const open = (n: number) => ({
  caseNo: `case-${n}`,
  terminal: 't1',
  serviceId: `s-${n}`,
  evaluator: plantedEvaluator(n),
});

test('a look in full is an entry of the log before it is a look', async () => {
  const hall = await edgeWithSafe();
  await hall.open(open(0));
  expect(await hall.evaluators.masked('s-0')).toMatchObject({ name: '植*****', phone: '139****7770' });
  expect(await hall.ownEntries('evaluator.seen')).toEqual([]);
  expect(await hall.evaluators.seen('s-0', 'callback of a work order', 'li.si')).toEqual(plantedEvaluator(0));
  expect(await hall.ownEntries('evaluator.seen')).toEqual([
    { serviceId: 's-0', purpose: 'callback of a work order', by: 'li.si' },
  ]);
  // What cannot be written is not shown.
  await expect(hall.evaluators.seen('s-0', '', 'li.si')).rejects.toMatchObject({ code: 'meaning-malformed' });
  await expect(hall.evaluators.seen('s-0', 'x'.repeat(121), 'li.si')).rejects.toThrow();
  expect(await hall.ownEntries('evaluator.seen')).toHaveLength(1);
});

test('where there is nothing to see nothing was seen', async () => {
  const hall = await edgeWithSafe();
  expect(await hall.evaluators.seen('s-9', 'callback', 'li.si')).toBeNull();
  await hall.open(open(0));
  await hall.store.db.transaction().execute((trx) => eraseServices(trx, hall.store, ['s-0'], 'asked', hall.nowMs));
  expect(await hall.evaluators.seen('s-0', 'callback', 'li.si')).toBeNull();
  expect(await hall.ownEntries('evaluator.seen')).toEqual([]);
});

test('a purpose that names the person is refused, and stands nowhere', async () => {
  const hall = await edgeWithSafe();
  await hall.open(open(0));
  const { name, documentNo, phone } = plantedEvaluator(0);
  for (const text of [name, documentNo, phone]) {
    await expect(hall.evaluators.seen('s-0', `request of ${text}`, 'li.si')).rejects.toMatchObject({
      code: 'purpose-personal',
    });
    await expect(hall.evaluators.seen('s-0', 'callback', text)).rejects.toMatchObject({ code: 'purpose-personal' });
  }
  expect(searchFiles(new Searcher(Object.values(MARKS)), hall.folder)).toEqual([]);
});

test('what is held of a person is told whole, with an entry a service', async () => {
  const hall = await edgeWithSafe();
  await hall.open(open(0));
  await hall.open({ caseNo: 'case-1', terminal: 't1', serviceId: 's-1' });
  await hall.close('s-0', { level: 2 });
  await hall.store.db
    .insertInto('freeText')
    .values({
      commitment: 'c'.repeat(43),
      ratingId: 'R'.repeat(11),
      salt: Buffer.alloc(16),
      text: '等了很久',
      appStatus: 3,
      at: hall.nowMs,
    })
    .execute();
  const audit = { purpose: "the person's own request", by: 'zhang.wei' };
  const held = await heldData(hall.store, hall.evaluators, ['s-0', 's-1'], audit);
  expect(held).toMatchObject([
    {
      serviceId: 's-0',
      caseNo: 'case-0',
      window: 'A12',
      evaluator: plantedEvaluator(0),
      ratings: [{ level: 2, texts: ['等了很久'], keptAside: null }],
    },
    { serviceId: 's-1', evaluator: null, ratings: [] },
  ]);
  expect(await hall.ownEntries('evaluator.seen')).toEqual(['s-0', 's-1'].map((serviceId) => ({ serviceId, ...audit })));
  await expect(heldData(hall.store, hall.evaluators, ['s-7'], audit)).rejects.toMatchObject({
    code: 'service-unknown',
  });
});
