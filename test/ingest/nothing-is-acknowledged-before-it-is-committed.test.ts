import { expect, test } from 'vitest';
import { HallLog } from './hall-log.js';

// Each obstacle strikes at another place of B's transaction; `rollback` is what SQLite itself does when the disk is full.
const OBSTACLES = {
  'the log takes no entry': "BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'obstacle'); END",
  'the cursor cannot move': "BEFORE UPDATE ON epoch BEGIN SELECT RAISE(ABORT, 'obstacle'); END",
  'the last projection fails': "AFTER INSERT ON forward BEGIN SELECT RAISE(ABORT, 'obstacle'); END",
  'the disk is full': "AFTER INSERT ON forward BEGIN SELECT RAISE(ROLLBACK, 'obstacle'); END",
} as const;

test.each(Object.entries(OBSTACLES))('nothing is acknowledged before it is committed: %s', async (_name, trigger) => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const [first] = await hall.send(chain, chain.batch());
  expect(first).toMatchObject({ throughSeq: 1, epoch: chain.epoch });
  chain.ratedService('s-1');

  hall.run(`CREATE TRIGGER obstacle ${trigger}`);
  const whileItStands = await hall.send(chain, chain.batch(2));
  expect(whileItStands.filter(({ throughSeq }) => throughSeq > 1)).toEqual([]);
  expect(hall.storedSeqs(chain)).toEqual([1]);
  expect([hall.total('service'), hall.total('press'), hall.total('rating'), hall.total('forward')]).toEqual([
    0, 0, 0, 0,
  ]);

  hall.run('DROP TRIGGER obstacle');
  const [again] = await hall.send(chain, chain.batch(2));
  expect(again).toMatchObject({ throughSeq: 4, epoch: chain.epoch });
  expect(hall.storedSeqs(chain)).toEqual([1, 2, 3, 4]);
  expect([hall.total('service'), hall.total('press'), hall.total('rating'), hall.total('forward')]).toEqual([
    1, 1, 1, 1,
  ]);
});

test('nothing is acknowledged while another program holds the database', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1');
  hall.run('BEGIN IMMEDIATE');
  expect(await hall.send(chain, chain.batch())).toEqual([]);
  hall.run('ROLLBACK');
  expect(await hall.send(chain, chain.batch())).toMatchObject([{ throughSeq: 4 }]);
});
