import { expect, test } from 'vitest';
import { DAY_MS, DaysHall, HOUR_MS } from './days-hall.js';

async function hallWithServices(): Promise<DaysHall> {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 5; n += 1) chain.opened(`s-${n}`);
  await hall.sendAll(chain);
  return hall;
}

test('ten years ahead in a moment: nothing is closed, and when the clock is right again nothing was', async () => {
  const hall = await hallWithServices();
  await hall.days.look();
  hall.log.clock.step(3_650 * DAY_MS);
  for (let hour = 0; hour < 23; hour += 1) {
    hall.log.clock.advance(HOUR_MS);
    await hall.days.look();
  }
  hall.log.clock.step(-3_650 * DAY_MS);
  await hall.live(5);
  expect(hall.said()).toEqual([]);
  await hall.live(3);
  expect(hall.said()).toHaveLength(5);
});

test('after a day at its pace the clock is believed; by the word of an operator at once', async () => {
  for (const way of ['paced', 'told'] as const) {
    const hall = await hallWithServices();
    await hall.days.look();
    hall.log.clock.step(40 * DAY_MS);
    await hall.days.look();
    expect(hall.said()).toEqual([]);
    if (way === 'told') expect(await hall.newDays().closeNow()).toBe(5);
    else {
      hall.log.clock.advance(DAY_MS);
      await hall.days.look();
    }
    expect(hall.said()).toHaveLength(5);
  }
});

test('a first start, a night and a weekend are no jumps', async () => {
  const hall = await hallWithServices();
  // Work days of ten hours, then off; over the weekend, too.
  const days = [1, 1, 1, 3, 1, 1];
  for (const [index, off] of days.entries()) {
    await hall.days.look();
    hall.log.clock.advance(off * DAY_MS);
    await hall.days.look();
    expect([index, hall.said().length]).toEqual([index, index < 5 ? 0 : 5]);
  }
});

test('a hall that looks for the first time knows the clock by its newest entry', async () => {
  const hall = await hallWithServices();
  hall.log.clock.step(3_650 * DAY_MS);
  await hall.days.look();
  expect(hall.said()).toEqual([]);
});

test('a clock that is set back closes nothing early and nothing twice', async () => {
  const hall = await hallWithServices();
  await hall.live(9);
  expect(hall.said()).toHaveLength(5);
  hall.log.clock.step(-20 * DAY_MS);
  await hall.live(2);
  hall.log.clock.step(20 * DAY_MS);
  await hall.live(2);
  expect(hall.said()).toHaveLength(5);
});
