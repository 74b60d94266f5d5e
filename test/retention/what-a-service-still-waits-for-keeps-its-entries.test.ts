import { describe, expect, test } from 'vitest';
import { waitingServices } from '../../gateway/retention/waiting-services.js';
import { HallLog } from '../ingest/hall-log.js';

const DAY_MS = 24 * 3_600_000;
const AGE = 401;

/** One service that was rated long ago, and what is changed of its rows. @returns whether its entries must stay. */
async function stays(sql: string, { isRated = true, named = 's' } = {}): Promise<boolean> {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  if (isRated) chain.ratedService('s', 2);
  else {
    chain.opened('s');
    chain.append('unrated', { serviceId: 's', cause: 'time-over' });
  }
  await hall.send(chain, chain.batch());
  hall.run(`UPDATE forward SET state = 'delivered'`);
  const nowMs = hall.clock.wallMs() + AGE * DAY_MS;
  const days = (ago: number) => String(nowMs - ago * DAY_MS);
  hall.run(sql.replaceAll(/\{(\d+) days ago\}/g, (_whole, ago: string) => days(Number(ago))));
  const waiting = await hall.store.db
    .transaction()
    .execute((trx) => waitingServices(trx, [named, 'nobody'], { cutoffMs: nowMs - 400 * DAY_MS, nowMs }));
  return waiting.has(named);
}

describe('of a service that was rated and delivered', () => {
  test.each([
    ['nothing is waited for', 'SELECT 1', false],
    ['a rating on its way', `UPDATE forward SET state = 'waiting'`, true],
    ['a rating that waits for the log of a terminal', `UPDATE forward SET state = 'held'`, true],
    ['a rating that waits for a reason', `UPDATE forward SET state = 'awaiting-reason'`, true],
    ['a rating that another one displaced before it left', `UPDATE forward SET state = 'withdrawn'`, false],
    ['a rating that the centre refused', `UPDATE forward SET state = 'refused'`, false],
    [
      'a conflict whose alarm nobody has cleared',
      `UPDATE forward SET state = 'conflict';
       INSERT INTO alarm (code, subject, detail, at) VALUES ('centre-conflict', 's', '', 1)`,
      true,
    ],
    [
      'a conflict that somebody has seen to',
      `UPDATE forward SET state = 'conflict';
       INSERT INTO alarm (code, subject, detail, at, clearedAt) VALUES ('centre-conflict', 's', '', 1, 2)`,
      false,
    ],
    ['a closing that came late', `UPDATE service SET closedSeenAt = {399 days ago}`, true],
    ['a closing of before', `UPDATE service SET closedSeenAt = {401 days ago}`, false],
    ['a session that was never closed, with its press', `UPDATE service SET state = 'open', ratingId = NULL`, true],
  ])('%s', async (_what, sql, expected) => {
    expect(await stays(sql)).toBe(expected);
  });
});

describe('of a service that nobody rated', () => {
  const closed = `closedSeenAt = {401 days ago}`;
  test.each([
    [
      'days that may still be running by the longest policy',
      `UPDATE service SET ${closed}, daysFrom = {366 days ago}`,
      true,
    ],
    ['days that are over by every policy', `UPDATE service SET ${closed}, daysFrom = {368 days ago}`, false],
    [
      'days that were closed by default',
      `UPDATE service SET ${closed}, daysFrom = {10 days ago}, expiredAt = 1`,
      false,
    ],
    [
      'a row that kept no days and came lately',
      `UPDATE service SET ${closed}, daysFrom = NULL, requestedAt = {366 days ago}`,
      true,
    ],
    [
      'a row that kept no days and is old',
      `UPDATE service SET ${closed}, daysFrom = NULL, requestedAt = {368 days ago}`,
      false,
    ],
    ['an invitation that nobody answered', `UPDATE service SET state = 'open', daysFrom = {401 days ago}`, false],
    ['an invitation whose days go on', `UPDATE service SET state = 'open', daysFrom = {1 days ago}`, true],
  ])('%s', async (_what, sql, expected) => {
    expect(await stays(sql, { isRated: false })).toBe(expected);
  });
});

describe('of what was rated by a receipt’s code', () => {
  const code = (resolvedTo: string, at: string) =>
    `INSERT INTO provisional VALUES ('later:t1:AAAAAAAAAAA', 't1', 'AAAAAAAAAAA', '2026-03-01', ${at}, ${resolvedTo})`;
  test.each([
    ['no log has told of it, and one still may', code('NULL', '{366 days ago}'), true],
    ['no log has told of it by every policy', code('NULL', '{368 days ago}'), false],
    ['its service waits', `${code(`'s'`, '{401 days ago}')}; UPDATE forward SET state = 'waiting'`, true],
    ['its service waits for nothing', code(`'s'`, '{10 days ago}'), false],
  ])('%s', async (_what, sql, expected) => {
    expect(await stays(sql, { named: 'later:t1:AAAAAAAAAAA' })).toBe(expected);
  });
});
