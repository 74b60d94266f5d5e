import { expect, test } from 'vitest';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';

test('a poisonous batch in a group hurts no other', async () => {
  const hall = await HallLog.open();
  const [t1, poisonous, t3] = [await hall.terminal('t1'), await hall.terminal('t2'), await hall.terminal('t3')];
  const [garbled, t5] = [await hall.terminal('t4'), await hall.terminal('t5')];
  for (const chain of [t1, poisonous, t3, garbled, t5]) chain.ratedService(`${chain.terminal}-a`);
  // A fault that only this content meets, deep in the transaction, and that is nobody's coded error.
  hall.run(
    "CREATE TRIGGER poison BEFORE INSERT ON rating WHEN NEW.serviceId = 't2-a' BEGIN SELECT RAISE(ABORT, 'poison'); END",
  );

  const acks = await hall.arrive(
    ['t1', t1.batch()],
    ['t2', poisonous.batch()],
    ['t3', t3.batch()],
    ['t4', nodeSuite.utf8Encode('no batch at all')],
    ['t5', t5.batch()],
  );
  expect(
    acks
      .filter(({ refused }) => refused === undefined)
      .map(({ terminal, throughSeq }) => `${terminal} ${throughSeq}`)
      .sort(),
  ).toEqual(['t1 4', 't3 4', 't5 4']);
  expect(acks.filter(({ refused }) => refused !== undefined)).toMatchObject([
    { terminal: 't4', refused: { code: 'batch-malformed' } },
  ]);
  expect(
    hall
      .rows<{ serviceId: string }>('SELECT serviceId FROM rating ORDER BY serviceId')
      .map(({ serviceId }) => serviceId),
  ).toEqual(['t1-a', 't3-a', 't5-a']);
  expect(hall.storedSeqs(poisonous)).toEqual([]);

  hall.run('DROP TRIGGER poison');
  expect(await hall.send(poisonous, poisonous.batch())).toMatchObject([{ terminal: 't2', throughSeq: 4 }]);
});
