import { expect, test } from 'vitest';
import { judgeClock, JUMP_MS, STEADY_MS } from '../../gateway/retention/steady-clock.js';
import { DAY_MS, OldHall } from './old-hall.js';

const years = (n: number) => n * 365;

test('what a gateway without a clock has stamped with 1978 is as young as its writer says', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  // What arrived before is old indeed, and vouches for nobody.
  hall.pass(401);
  hall.log.clock.advance(-years(48) * DAY_MS);
  chain.ratedService('s-1');
  await hall.sendAll(chain);
  await hall.deliverAll();
  hall.log.clock.advance(years(48) * DAY_MS);
  await hall.prune();
  expect(hall.kinds(chain)).toEqual(['service.opened', 'press', 'rating']);
});

test('what arrived after a young entry is young, when both clocks say 1978', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  chain.append('duty.on', { staffNo: '1001' });
  await hall.sendAll(chain);
  hall.pass(-years(48));
  const late = await hall.terminal('t2');
  late.append('duty.on', { staffNo: '1001' });
  late.append('duty.off', { staffNo: '1001' });
  await hall.sendAll(late);
  hall.pass(years(48));
  await hall.prune();
  expect(hall.kinds(late)).toEqual(['epoch', 'duty.on', 'duty.off']);
});

test('what a clock that ran ahead has stamped goes when what came after it goes', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  hall.log.clock.advance(years(10) * DAY_MS);
  chain.append('duty.on', { staffNo: '1001' });
  await hall.sendAll(chain);
  hall.log.clock.advance(-years(10) * DAY_MS);
  for (let n = 0; n < 2; n += 1) {
    hall.pass(410);
    chain.append('duty.off', { staffNo: '1001' });
    await hall.sendAll(chain);
  }
  await hall.prune();
  expect(hall.kinds(chain)).toEqual(['duty.off']);
});

test('after a jump ahead nothing goes for a week, so that there is time to set the clock right', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  chain.append('duty.on', { staffNo: '1001' });
  chain.append('duty.off', { staffNo: '1001' });
  await hall.sendAll(chain);
  const retention = hall.retention({ days: 400 });
  await retention.look();
  hall.log.clock.advance(years(10) * DAY_MS);
  await retention.look();
  expect(hall.kinds(chain)).toHaveLength(3);
  hall.log.clock.advance(8 * DAY_MS);
  await retention.look();
  expect(hall.kinds(chain)).toEqual(['duty.off']);
});

test('a clock is steady when no step ahead was seen for a week', () => {
  const start = 1_790_000_000_000;
  const first = judgeClock(start, undefined);
  expect(first.steady).toBe(false);
  expect(judgeClock(start + STEADY_MS, first.memory).steady).toBe(true);
  const steady = judgeClock(start + STEADY_MS, first.memory).memory;
  // Closed for two weeks is no jump; a day more is one.
  expect(judgeClock(steady.lastMs + JUMP_MS, steady).steady).toBe(true);
  const jumped = judgeClock(steady.lastMs + JUMP_MS + 1, steady);
  expect(jumped.steady).toBe(false);
  // Set right again after the jump: the hold does not stay in the future that did not come.
  const right = judgeClock(steady.lastMs + 3_600_000, judgeClock(steady.lastMs + 3650 * DAY_MS, steady).memory);
  expect(right.steady).toBe(false);
  expect(right.memory.heldUntilMs).toBe(steady.lastMs + 3_600_000 + STEADY_MS);
});
