import { expect, test } from 'vitest';
import { OldHall } from './old-hall.js';

test('a batch that comes again after its entries have gone is acknowledged, and changes nothing', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 4; n += 1) chain.ratedService(`s-${n}`);
  await hall.sendAll(chain);
  await hall.deliverAll();
  hall.pass(500);
  chain.ratedService('s-new');
  await hall.sendAll(chain);
  await hall.deliverAll();
  await hall.prune();
  expect(hall.checkpoint(chain)).toMatchObject({ throughSeq: 13 });

  const figures = () =>
    ['entry', 'service', 'press', 'rating', 'forward', 'alarm', 'quarantine', 'gap', 'pending'].map((table) =>
      hall.log.total(table),
    );
  const before = figures();
  // Within what has gone, up to its end, across its end, and all of it.
  for (const [firstSeq, lastSeq] of [
    [2, 7],
    [8, 13],
    [12, 15],
    [1, 16],
  ] as const)
    expect(await hall.log.send(chain, chain.batch(firstSeq, lastSeq))).toMatchObject([
      { throughSeq: 16, headHash: Buffer.from(chain.hashAt(16)).toString('base64url') },
    ]);
  expect(figures()).toEqual(before);

  // The log simply goes on.
  chain.ratedService('s-last');
  expect(await hall.log.send(chain, chain.batch(14))).toMatchObject([{ throughSeq: 19 }]);
  expect(hall.log.total('rating')).toBe(6);
});

test('another entry in the place of the newest is still a fork', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1');
  await hall.sendAll(chain);
  await hall.deliverAll();
  hall.pass(500);
  await hall.prune();
  expect(hall.kinds(chain)).toEqual(['rating']);
  chain.cutTo(3);
  chain.append('duty.off', { staffNo: '1001' });
  expect(await hall.log.send(chain, chain.batch(1))).toMatchObject([{ refused: { code: 'log-fork' } }]);
});

test('a rating that was carried to a new epoch after its first entries have gone counts once', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1', 5);
  await hall.sendAll(chain);
  await hall.deliverAll();
  hall.pass(500);
  chain.append('duty.on', { staffNo: '1001' });
  await hall.sendAll(chain);
  await hall.prune();
  expect(hall.kinds(chain)).toEqual(['duty.on']);
  chain.leave(0);
  await hall.sendAll(chain);
  expect([hall.log.total('rating'), hall.log.total('press'), hall.log.total('forward')]).toEqual([1, 1, 1]);
  expect(hall.log.rows('SELECT state FROM forward')).toEqual([{ state: 'delivered' }]);
  expect(hall.log.setAside()).toEqual([]);
});
