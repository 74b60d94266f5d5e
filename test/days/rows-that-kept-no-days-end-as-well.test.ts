import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { DAY_MS, DaysHall } from './days-hall.js';

/** Services as a version left them that kept no days; `new` has its own. */
async function upgraded(): Promise<DaysHall> {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (const serviceId of ['old-unrated', 'old-rated']) {
    chain.opened(serviceId);
    if (serviceId === 'old-rated') chain.rating(serviceId, 1, chain.press(serviceId, 1));
    else chain.append('unrated', { serviceId, cause: 'time-over' });
  }
  await hall.sendAll(chain);
  hall.log.run('UPDATE service SET daysFrom = NULL, dutyStaffNo = NULL, coveredAt = NULL');
  hall.pass(DAY_MS);
  chain.opened('new');
  chain.append('unrated', { serviceId: 'new', cause: 'time-over' });
  await hall.sendAll(chain);
  return hall;
}

const ended = (hall: DaysHall) => hall.closed().map(({ serviceId, defaultLevel }) => [serviceId, defaultLevel]);

test('they count from when they arrived, end like the others, and are told of once', async () => {
  const hall = await upgraded();
  await hall.live(6);
  expect(ended(hall)).toEqual([
    ['new', null],
    ['old-rated', null],
    ['old-unrated', null],
  ]);
  // Monday's ends with the Monday after it, Tuesday's a day later.
  await hall.live(1);
  expect(ended(hall)).toEqual([
    ['new', null],
    ['old-rated', null],
    ['old-unrated', 3],
  ]);
  await hall.live(3);
  expect(ended(hall)).toEqual([
    ['new', 3],
    ['old-rated', null],
    ['old-unrated', 3],
  ]);
  expect(hall.said().sort()).toEqual(['new 3', 'old-unrated 3']);
  const { folder, key } = hall.log;
  expect(verifyFile(join(folder, 'hall.db'), { suite: nodeSuite, publicKeys: [key.publicKey] }).faults).toEqual([]);
});

test('an act that comes after their days is kept aside as too late', async () => {
  const hall = await upgraded();
  hall.pass(9 * DAY_MS);
  await hall.rateOffSite('old-unrated', 5);
  expect(hall.log.rows('SELECT code FROM aside')).toEqual([{ code: 'rating-window-over' }]);
  const { folder, key } = hall.log;
  expect(verifyFile(join(folder, 'hall.db'), { suite: nodeSuite, publicKeys: [key.publicKey] }).faults).toEqual([]);
});

test('of many, every stride takes its share, those with days first', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 10; n += 1) chain.opened(`s-${n}`);
  await hall.sendAll(chain);
  hall.log.run("UPDATE service SET daysFrom = NULL WHERE serviceId >= 's-4'");
  hall.pass(9 * DAY_MS);
  const sizes: number[] = [];
  for (let total = -1; total !== 0; sizes.push(total)) total = await hall.closeStride(3);
  expect(sizes).toEqual([3, 3, 3, 1, 0]);
  expect(hall.said().slice(0, 4)).toEqual(['s-0 3', 's-1 3', 's-2 3', 's-3 3']);
  expect(new Set(hall.said()).size).toBe(10);
});
