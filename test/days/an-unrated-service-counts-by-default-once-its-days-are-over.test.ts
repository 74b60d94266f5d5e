import { expect, test } from 'vitest';
import { daysEndMs } from '../../gateway/core/rating-days.js';
import { projectEntries } from '../../gateway/ingest/project-entries.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { POLICY } from '../api/hall-edge.js';
import { OWN_SOURCE } from '../ingest/hall-log.js';
import { DAY_MS, DaysHall, HOUR_MS, MONDAY_MS } from './days-hall.js';

/** The midnight at which the days of whatever was served on the first Monday are over. */
const END_MS = daysEndMs(MONDAY_MS, POLICY.ratingWindowDays, POLICY.timeZone);

test('at the midnight and not a moment before it, with an entry of the own log, once', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  chain.opened('unrated');
  chain.append('unrated', { serviceId: 'unrated', cause: 'time-over' });
  chain.ratedService('rated', 5);
  await hall.sendAll(chain);
  // As corrected time has it, the opening was a few ms after it was written.
  const [{ daysFrom } = { daysFrom: 0 }] = hall.log.rows<{ daysFrom: number }>(
    "SELECT daysFrom FROM service WHERE serviceId = 'unrated'",
  );
  expect(Math.abs(daysFrom - MONDAY_MS)).toBeLessThan(1_000);
  for (let day = 1; day <= 7; day += 1) {
    hall.pass(DAY_MS);
    await hall.days.look();
  }
  hall.pass(END_MS - 1 - hall.log.clock.wallMs());
  await hall.days.look();
  expect(hall.said()).toEqual([]);
  hall.pass(1);
  await hall.days.look();
  expect(hall.said()).toEqual(['unrated 3']);
  expect(hall.log.ownBodies('service.expired')).toEqual([{ serviceId: 'unrated', level: 3, policy: 'test@1' }]);
  expect(hall.closed()).toMatchObject([
    { serviceId: 'rated', expiredAt: null, defaultLevel: null },
    { serviceId: 'unrated', expiredAt: END_MS, defaultLevel: 3, ratingId: null },
  ]);
  await hall.live(3);
  expect([hall.said(), hall.closed()[1]?.expiredAt]).toEqual([['unrated 3'], END_MS]);
  expect(hall.log.total('rating')).toBe(1);
});

test('a gateway that was off for a month closes what became due meanwhile, once', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (let day = 0; day < 3; day += 1) {
    for (let n = 0; n < 100; n += 1) chain.opened(`s-${day}-${n}`);
    await hall.sendAll(chain);
    await hall.live(1);
  }
  hall.pass(30 * DAY_MS);
  const fresh = hall.newDays();
  await fresh.look();
  // A clock that is a month later than it was has to prove itself for a day.
  expect(hall.said()).toEqual([]);
  hall.pass(DAY_MS);
  await fresh.look();
  expect(new Set(hall.said()).size).toBe(300);
  expect(hall.said()).toHaveLength(300);
  await fresh.look();
  await hall.days.look();
  expect(hall.said()).toHaveLength(300);
});

test('a press that arrives after the default counts in its place; one that was made too late is kept aside', async () => {
  const hall = await DaysHall.open();
  const [cutOff, atWork] = [await hall.terminal('cut-off'), await hall.terminal('at-work')];
  cutOff.opened('pressed');
  atWork.opened('phoned');
  await hall.sendAll(cutOff);
  await hall.sendAll(atWork);
  const pressed = cutOff.press('pressed', 2);
  cutOff.rating('pressed', 2, pressed);
  await hall.live(9);
  expect(hall.said().toSorted()).toEqual(['phoned 3', 'pressed 3']);
  await hall.sendAll(cutOff);
  await hall.rateOffSite('phoned', 5);
  expect(hall.closed()).toMatchObject([
    { serviceId: 'phoned', defaultLevel: 3, ratingId: null },
    { serviceId: 'pressed', defaultLevel: 3, ratingId: pressed },
  ]);
  expect(hall.log.rows('SELECT serviceId, code FROM aside')).toEqual([
    { serviceId: 'phoned', code: 'rating-window-over' },
  ]);
  await hall.live(1);
  expect(hall.said()).toHaveLength(2);
});

test('the rows are what the entries mean', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 20; n += 1) chain.opened(`s-${n}`);
  await hall.sendAll(chain);
  const { store } = hall.log;
  await hall.live(9);
  const written = hall.closed();
  hall.log.run('UPDATE service SET expiredAt = NULL, defaultLevel = NULL');
  const rows = hall.log.rows<{ entryId: number; epoch: string; seq: number; bytes: Uint8Array; at: number }>(
    `SELECT entry.id AS entryId, epoch, seq, bytes, receivedAt AS at
     FROM entry JOIN epoch ON epoch.id = epochId WHERE kind = 'service.expired' ORDER BY entry.id`,
  );
  for (const { at, ...entry } of rows)
    await store.db
      .transaction()
      .execute((trx) => projectEntries(trx, { suite: nodeSuite, nowMs: at }, [{ ...entry, source: OWN_SOURCE }]));
  expect([rows.length, hall.closed()]).toEqual([20, written]);
});

test('a service that is rated while a stride is on its way stays rated', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 40; n += 1) chain.opened(`s-${n}`);
  await hall.sendAll(chain);
  for (let n = 0; n < 40; n += 1) chain.rating(`s-${n}`, 4, chain.press(`s-${n}`, 4));
  hall.pass(END_MS - hall.log.clock.wallMs() + HOUR_MS);
  // Strides and batches go for the same rows at once.
  const work = [hall.closeStride(15), hall.closeStride(15), hall.sendAll(chain), hall.closeStride(15)];
  await Promise.all(work);
  while ((await hall.closeStride(15)) > 0);
  const rows = hall.closed();
  expect(rows.filter(({ ratingId }) => ratingId === null)).toEqual([]);
  expect(hall.saidMoreThanOnce()).toBe(0);
  expect(rows.filter(({ expiredAt }) => expiredAt !== null)).toHaveLength(hall.said().length);
  expect(hall.log.setAside()).toEqual([]);
});

test('a fault in the middle of a stride leaves nothing of it, and the next look does it whole', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 30; n += 1) chain.opened(`s-${n}`);
  await hall.sendAll(chain);
  hall.log.run(`CREATE TRIGGER fault BEFORE UPDATE OF expiredAt ON service WHEN new.serviceId = 's-17'
    BEGIN SELECT raise(ABORT, 'out of order'); END`);
  await hall.live(9);
  expect([hall.said(), hall.closed().filter(({ expiredAt }) => expiredAt !== null)]).toEqual([[], []]);
  hall.log.run('DROP TRIGGER fault');
  await hall.days.look();
  expect([hall.said().length, hall.saidMoreThanOnce()]).toEqual([30, 0]);
  expect(hall.closed().every(({ defaultLevel }) => defaultLevel === 3)).toBe(true);
});

test('looks at one time are one look', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 270; n += 1) {
    chain.opened(`s-${n}`);
    if (n % 90 === 89) await hall.sendAll(chain);
  }
  await hall.live(7.5);
  const other = hall.newDays();
  hall.pass(DAY_MS);
  await Promise.all([hall.days.look(), hall.days.look(), other.look(), other.closeNow()]);
  expect([hall.said().length, hall.saidMoreThanOnce()]).toEqual([270, 0]);
});
