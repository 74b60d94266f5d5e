import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Evaluator } from '../../gateway/core/evaluator.js';
import { EvaluatorSafe } from '../../gateway/evaluator/evaluator-safe.js';
import { eraseServices } from '../../gateway/evaluator/erase.js';
import { newRing, writeRing } from '../../gateway/evaluator/key-ring-file.js';
import { KeyRing } from '../../gateway/evaluator/key-ring.js';
import { SUITE_NAMES, type SuiteName } from '../../gateway/evaluator/seal-suite.js';
import { ringFile } from '../evaluator/hall-safe.js';
import { plantedEvaluator } from '../evaluator/planted.js';
import { becomes, hallWithRatings, row, ScriptedCentre, settle, startForwarder } from './hall-forwarding.js';

/** A hall with ratings of s-1, s-2 …, of which s-1 and s-2 were those of somebody known. */
async function hallWithPeople(total: number, suite: SuiteName = 'aes-256-gcm') {
  const { hall, ids } = await hallWithRatings(total);
  const file = ringFile(suite);
  const safe = new EvaluatorSafe({ store: hall.store, clock: hall.clock, ring: new KeyRing(file) });
  const record = (serviceId: string, evaluator: Evaluator) =>
    hall.store.db.transaction().execute((trx) => safe.record(trx, serviceId, evaluator));
  for (const n of [1, 2]) await record(`s-${n}`, plantedEvaluator(n));
  const centre = new ScriptedCentre(hall, [{ kind: 'accepted' }]);
  const start = () => startForwarder(hall, centre, { evaluatorFor: (serviceId) => safe.bytesFor(serviceId) });
  const told = () => Object.fromEntries(centre.tries.map(({ rating, evaluator }) => [rating.serviceId, evaluator]));
  return { hall, ids, file, record, centre, start, told };
}

const without = ({ contactBasis: _basis, ...evaluator }: Evaluator) => evaluator;

test.each(SUITE_NAMES)('sealed by %s, it goes with its rating, and the bytes are overwritten', async (suite) => {
  const { hall, ids, record, centre, start, told } = await hallWithPeople(3, suite);
  // What looks like the end of it within a name ends nothing.
  const odd: Evaluator = { name: '","contactBasis":"a\\', phone: '13800000000' };
  await record('s-2', odd);
  start();
  for (const id of ids) await becomes(hall, id, 'delivered');
  const { 's-1': one, 's-2': two, 's-3': three } = told();
  expect(JSON.parse(one ?? '')).toEqual(without(plantedEvaluator(1)));
  expect(JSON.parse(two ?? '')).toEqual(odd);
  expect(three).toBeUndefined();
  const lent = centre.tries.flatMap((one) => one.lent ?? []);
  expect(lent).toHaveLength(2);
  for (const bytes of lent) expect(bytes.every((byte) => byte === 0)).toBe(true);
});

test('what was erased is told to nobody', async () => {
  const { hall, ids, start, told } = await hallWithPeople(2);
  await hall.store.db.transaction().execute((trx) => eraseServices(trx, hall.store, ['s-1'], 'asked', 5));
  start();
  for (const id of ids) await becomes(hall, id, 'delivered');
  expect(told()['s-1']).toBeUndefined();
  expect(told()['s-2']).toContain(plantedEvaluator(2).phone);
});

test('a rating whose key is away waits for it, and holds up no other', async () => {
  const { hall, ids, file, centre, start, told } = await hallWithPeople(3);
  renameSync(file, `${file}.away`);
  writeRing(file, newRing('aes-256-gcm', 1));
  const forwarder = start();
  await becomes(hall, ids[2] ?? '', 'delivered');
  await settle(hall, forwarder);
  expect(centre.tries.map(({ rating }) => rating.serviceId)).toEqual(['s-3']);
  expect(row(hall, ids[0] ?? '')).toMatchObject({
    state: 'waiting',
    lastCode: 'evaluator-key-missing',
    claimedUntil: 0,
  });
  renameSync(`${file}.away`, file);
  hall.clock.advance(60_000);
  await settle(hall, forwarder);
  for (const id of ids) await becomes(hall, id, 'delivered');
  expect(told()['s-1']).toContain(plantedEvaluator(1).documentNo);
  expect(centre.tries).toHaveLength(3);
});

test('a rating whose evaluator is damaged goes without, and somebody is told', async () => {
  const { hall, ids, start, told } = await hallWithPeople(2);
  hall.run(`UPDATE evaluator SET sealed = zeroblob(600) WHERE serviceId = 's-1'`);
  start();
  for (const id of ids) await becomes(hall, id, 'delivered');
  expect(told()['s-1']).toBeUndefined();
  expect(told()['s-2']).toContain(plantedEvaluator(2).phone);
  expect(hall.alarms()).toEqual([
    {
      code: 'evaluator-damaged',
      subject: 's-1',
      detail: 'the rating goes to the centre without the evaluator',
    },
  ]);
});
