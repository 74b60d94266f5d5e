import { expect, test } from 'vitest';
import { readTerminals } from '../../gateway/services/terminal-board.js';
import { hallDayStartMs } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';

const TIME_ZONE = 'Asia/Shanghai';

test('a part is told with its state, its code and since when; the same again does not move the since', async () => {
  const hall = await HallLog.open();
  const t1 = await hall.terminal('t1');
  const lost = { part: 'printer', state: 'lost', code: 'printer-lost' };
  t1.appendAnything({ kind: 'fault', body: lost });
  const sinceMs = hall.clock.wallMs();
  await hall.send(t1, t1.batch());
  const [first] = await readTerminals(hall.store.db, hall.clock.wallMs(), TIME_ZONE);
  expect(first?.parts).toMatchObject([lost]);
  const since = first?.parts[0]?.since;
  expect(since).toBeLessThanOrEqual(sinceMs);

  const from = t1.headSeq + 1;
  t1.clock.advance(60_000);
  t1.appendAnything({ kind: 'fault', body: lost });
  await hall.send(t1, t1.batch(from));
  expect((await readTerminals(hall.store.db, hall.clock.wallMs(), TIME_ZONE))[0]?.parts[0]?.since).toBe(since);

  const again = t1.headSeq + 1;
  t1.appendAnything({ kind: 'fault', body: { part: 'printer', state: 'connected' } });
  await hall.send(t1, t1.batch(again));
  const [last] = await readTerminals(hall.store.db, hall.clock.wallMs(), TIME_ZONE);
  expect(last?.parts).toMatchObject([{ part: 'printer', state: 'connected', code: null }]);
  expect(last?.parts[0]?.since).toBeGreaterThan(since ?? Infinity);
  expect(hall.quarantined).toEqual([]);
});

test('the newest self-check of the day is told with what did not pass; yesterday counts as missing since midnight', async () => {
  const hall = await HallLog.open();
  const t1 = await hall.terminal('t1');
  const t2 = await hall.terminal('t2');
  const check = (startedAt: number, result: string, more: object = {}) => ({
    kind: 'selfcheck',
    body: { id: nodeRandomness.newId(), staffNo: '1001', result, startedAt, items: [], ...more },
  });
  const nowMs = t1.clock.wallMs();
  const items = [
    { item: 'key-5', result: 'pass' },
    { item: 'paper', result: 'limited', code: 'paper-near-end' },
  ];
  t1.appendAnything(check(nowMs - 1_000, 'limited', { items }));
  // An older one that comes later does not take its place.
  t1.appendAnything(check(nowMs - 5_000, 'fail'));
  t2.appendAnything(check(nowMs - 86_400_000, 'pass'));
  await hall.arrive(['t1', t1.batch()], ['t2', t2.batch()]);
  const [one, two] = await readTerminals(hall.store.db, nowMs, TIME_ZONE);
  expect(one?.selfCheck).toMatchObject({ result: 'limited', staffNo: '1001', findings: [items[1]] });
  expect(two?.selfCheck).toEqual({
    result: 'missing',
    since: hallDayStartMs(nowMs, TIME_ZONE),
    staffNo: null,
    reason: null,
    findings: [],
  });
  expect(hall.quarantined).toEqual([]);
});

test('the same check that comes twice stands once', async () => {
  const hall = await HallLog.open();
  const t1 = await hall.terminal('t1');
  const body = {
    id: nodeRandomness.newId(),
    result: 'skipped',
    reason: 'late',
    startedAt: t1.clock.wallMs(),
    items: [],
  };
  t1.appendAnything({ kind: 'selfcheck', body });
  t1.appendAnything({ kind: 'selfcheck', body: { ...body, reason: 'other' } });
  await hall.send(t1, t1.batch());
  expect(await hall.store.db.selectFrom('selfCheck').select('reason').execute()).toEqual([{ reason: 'late' }]);
});
