import { Registry } from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { GENERIC_NEUTRAL_TEXT } from '../../gateway/centre/generic-mapping.js';
import { addReasonMetric } from '../../gateway/services/reason-metric.js';
import { ERRORS, REASON_MISSING, type Level } from '../../protocol/index.js';
import { POLICY } from '../api/hall-edge.js';
import { HallWithCentre, type HallOptions } from './hall-with-centre.js';

const STRICT: HallOptions = { centreRefusesBareNegative: true, knowsOfIt: true };

async function rated(hall: HallWithCentre, caseNo: string, level: Level, reasons?: string[]): Promise<string> {
  const serviceId = await hall.open({ caseNo });
  return hall.session(serviceId, { level, ...(reasons === undefined ? {} : { reasons }) });
}

describe('at a centre that refuses a bare negative', () => {
  test('it is held, and counts in the hall as it is; all others go', async () => {
    const hall = await HallWithCentre.open(STRICT);
    const bare = [await rated(hall, 'bare-1', 1), await rated(hall, 'bare-2', 2)];
    const going = [
      await rated(hall, 'why-1', 1, ['115']),
      await rated(hall, 'why-2', 2, ['214']),
      ...(await Promise.all([3, 4, 5].map((level) => rated(hall, `c-${level}`, level as Level)))),
    ];
    for (const id of going) await hall.becomes(id, 'delivered');
    for (const id of bare)
      expect(await hall.becomes(id, 'awaiting-reason')).toMatchObject({ lastCode: REASON_MISSING, attempts: 0 });
    expect((await hall.ledger()).map(({ caseNo }) => caseNo).sort()).toEqual(['c-3', 'c-4', 'c-5', 'why-1', 'why-2']);
    const levels = await hall.edge.store.db.selectFrom('rating').select(['ratingId', 'level']).execute();
    expect(levels).toHaveLength(7);
    expect(
      levels
        .filter(({ ratingId }) => bare.includes(ratingId))
        .map(({ level }) => level)
        .sort(),
    ).toEqual([1, 2]);
    expect(await hall.edge.store.db.selectFrom('alarm').selectAll().execute()).toEqual([]);
    expect((await hall.reasons.list()).map(({ ratingId }) => ratingId).sort()).toEqual([...bare].sort());
    expect(Object.keys((await hall.reasons.list())[0] ?? {})).toEqual(['ratingId', 'serviceId', 'window', 'since']);
  });

  test('a hall that knows of it does not even ask', async () => {
    const hall = await HallWithCentre.open({ knowsOfIt: true });
    await hall.becomes(await rated(hall, 'unasked', 1), 'awaiting-reason');
    await hall.becomes(await rated(hall, 'asked', 3), 'delivered');
    expect((await hall.ledger()).map(({ caseNo }) => caseNo)).toEqual(['asked']);
  });

  test('a whole group of them in front holds up nothing behind it', async () => {
    const hall = await HallWithCentre.open(STRICT);
    await hall.forwarder.stop();
    const ids: string[] = [];
    for (let n = 1; n <= 8; n += 1) ids.push(await rated(hall, `bare-${n}`, 1));
    const behind = await rated(hall, 'behind', 5);
    hall.startAgain();
    // Nobody wakes it: looked at once a second, four groups of two would take four.
    await vi.waitFor(async () => expect((await hall.forward(behind)).state).toBe('delivered'), 3_000);
    for (const id of ids) await hall.becomes(id, 'awaiting-reason');
  });

  test('what a callback brings is supplied, marked as its own, and sent once', async () => {
    const hall = await HallWithCentre.open(STRICT);
    const [byCode, byWord] = [await rated(hall, 'code', 2), await rated(hall, 'word', 1)];
    for (const id of [byCode, byWord]) await hall.becomes(id, 'awaiting-reason');
    await expect(hall.reasons.supply(byCode, { codes: ['115'] })).rejects.toMatchObject({ code: 'reason-unknown' });
    await expect(hall.reasons.supply(byCode, {})).rejects.toMatchObject({ code: 'request-malformed' });
    await expect(hall.reasons.supply(byWord, { text: '一行\n两行' })).rejects.toMatchObject({ code: 'text-refused' });
    expect(await hall.edge.ownEntries('reason.supplied')).toEqual([]);
    await hall.reasons.supply(byCode, { codes: ['207', '214'] });
    await hall.reasons.supply(byWord, { text: '等了两个小时' });
    for (const id of [byCode, byWord]) await hall.becomes(id, 'delivered');
    expect(await hall.ledger('code')).toMatchObject([
      { satisfaction: 2, reasons: ['207', '214'], writtenBy: 'callback', arrivals: 1 },
    ]);
    expect(await hall.ledger('word')).toMatchObject([{ satisfaction: 1, text: '等了两个小时', writtenBy: 'callback' }]);
    const [first, second] = await hall.edge.ownEntries('reason.supplied');
    expect(first).toEqual({ ratingId: byCode, by: 'callback', codes: ['207', '214'] });
    expect(second).toEqual({ ratingId: byWord, by: 'callback', text: expect.stringMatching(/^[\w-]{43}$/) as unknown });
    await expect(hall.reasons.supply(byCode, { codes: ['207'] })).rejects.toMatchObject({ code: 'reason-not-awaited' });
    expect(await hall.reasons.list()).toEqual([]);
  });

  test('the policy may have it wait for ever', async () => {
    const hall = await HallWithCentre.open(STRICT);
    const id = await rated(hall, 'waits', 1);
    await hall.becomes(id, 'awaiting-reason');
    hall.advance(10_000);
    expect(await hall.look()).toBe(0);
    expect((await hall.forward(id)).state).toBe('awaiting-reason');
  });

  test('or go with the neutral words, marked as the system’s, when its time is over and not before', async () => {
    const bareNegative = { waitHours: 240, then: 'neutral-text' } as const;
    const hall = await HallWithCentre.open({ ...STRICT, policy: { bareNegative } });
    const id = await rated(hall, 'neutral', 1);
    await hall.becomes(id, 'awaiting-reason');
    hall.advance(239);
    expect(await hall.look()).toBe(0);
    hall.advance(1);
    expect(await hall.look()).toBe(1);
    await hall.becomes(id, 'delivered');
    const [told] = await hall.ledger('neutral');
    expect(told).toMatchObject({ satisfaction: 1, text: GENERIC_NEUTRAL_TEXT, writtenBy: 'system' });
    expect(told).not.toHaveProperty('reasons');
    expect(await hall.edge.ownEntries('reason.supplied')).toEqual([{ ratingId: id, by: 'system' }]);
    expect(await hall.look()).toBe(0);
  });

  test('a clock that is set back lets nobody wait longer than from then on', async () => {
    const bareNegative = { waitHours: 240, then: 'neutral-text' } as const;
    const hall = await HallWithCentre.open({ ...STRICT, policy: { bareNegative } });
    const id = await rated(hall, 'set-back', 2);
    await hall.becomes(id, 'awaiting-reason');
    hall.edge.nowMs -= 1_000 * 3_600_000;
    expect(await hall.look()).toBe(0);
    hall.edge.nowMs += 240 * 3_600_000;
    expect(await hall.look()).toBe(1);
  });

  test('a hall that does not know of it learns it from the refusal', async () => {
    const hall = await HallWithCentre.open({ centreRefusesBareNegative: true });
    const id = await rated(hall, 'learnt', 2);
    expect(await hall.becomes(id, 'awaiting-reason')).toMatchObject({ lastCode: REASON_MISSING, attempts: 0 });
    expect(await hall.edge.store.db.selectFrom('alarm').selectAll().execute()).toEqual([]);
    await hall.reasons.supply(id, { codes: ['213'] });
    await hall.becomes(id, 'delivered');
    expect(await hall.ledger('learnt')).toMatchObject([{ reasons: ['213'], writtenBy: 'callback' }]);
  });
});

test('at any other centre a bare negative goes as it is', async () => {
  const hall = await HallWithCentre.open();
  await hall.becomes(await rated(hall, 'bare', 1), 'delivered');
  const [told] = await hall.ledger('bare');
  expect([told?.reasons, told?.text, told?.writtenBy]).toEqual([undefined, undefined, undefined]);
});

test('the figure of those that wait moves with the day, not with a press (I6)', async () => {
  const hall = await HallWithCentre.open(STRICT);
  const registry = new Registry();
  const { store } = hall.edge;
  addReasonMetric(registry, { db: store.db, clock: { wallMs: () => hall.edge.nowMs }, timeZone: POLICY.timeZone });
  const figure = async () => /^pjq_awaiting_reason (\d+)$/m.exec(await registry.metrics())?.[1];
  await hall.becomes(await rated(hall, 'figure', 1), 'awaiting-reason');
  expect(await figure()).toBe('0');
  hall.advance(24);
  expect(await figure()).toBe('1');
});

test('its codes are in the table of errors', () => {
  expect(Object.keys(ERRORS)).toEqual(expect.arrayContaining([REASON_MISSING, 'reason-not-awaited', 'text-refused']));
});
