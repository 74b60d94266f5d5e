import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addForwardMetrics } from '../../gateway/forward/forward-metrics.js';
import { addReasonMetric } from '../../gateway/services/reason-metric.js';
import type { Level } from '../../protocol/index.js';
import { HallWithCentre } from './hall-with-centre.js';

/** Every figure of the way to the centre, as /metrics has it after each step of one service that is rated so. */
async function figures(
  level: Level,
  { knowsOfIt, isAway }: { knowsOfIt: boolean; isAway: boolean },
): Promise<string[]> {
  const registry = new Registry();
  const hall = await HallWithCentre.open({
    centreRefusesBareNegative: true,
    knowsOfIt,
    onOutcome: (edge) => {
      const clock = { wallMs: () => edge.nowMs };
      const parts = { db: edge.store.db, clock, timeZone: edge.policy.timeZone };
      addReasonMetric(registry, parts);
      return addForwardMetrics(registry, { ...parts, isDiscreet: knowsOfIt });
    },
  });
  const seen = [await registry.metrics()];
  const serviceId = await hall.open({ caseNo: 'c-1' });
  if (isAway) await hall.centre.misbehave({ mode: 'down-500' });
  const id = await hall.session(serviceId, { level });
  if (knowsOfIt && level <= 2) await hall.becomes(id, 'awaiting-reason');
  else if (isAway) await hall.tried(id);
  else await hall.becomes(id, level <= 2 ? 'awaiting-reason' : 'delivered');
  seen.push(await registry.metrics());
  return seen;
}

test.each([
  ['at work', false],
  ['away', true],
])('with the centre %s, figures read the same of today for every level', async (_what, isAway) => {
  const [negative, positive] = [
    await figures(1, { knowsOfIt: true, isAway }),
    await figures(5, { knowsOfIt: true, isAway }),
  ];
  expect(negative).toEqual(positive);
  expect(negative[1]).toContain('pjq_forward_waiting 0');
});

test('a refusal for want of a reason is counted as nothing, where the gateway was not told to expect it', async () => {
  const [, after] = await figures(2, { knowsOfIt: false, isAway: false });
  expect(after).not.toContain('outcome=');
});

test('a day later they are told', async () => {
  const registry = new Registry();
  let now = 1_790_000_000_000;
  const hall = await HallWithCentre.open({ centreRefusesBareNegative: true, knowsOfIt: true });
  const parts = { db: hall.edge.store.db, clock: { wallMs: () => now }, timeZone: hall.edge.policy.timeZone };
  const count = addForwardMetrics(registry, { ...parts, isDiscreet: true });
  await hall.forwarder.stop();
  await hall.session(await hall.open({ caseNo: 'c-1' }), { level: 5 });
  for (const outcome of ['retry', 'retry', 'accepted'] as const) count(outcome);
  expect(await registry.metrics()).not.toMatch(/outcome=|waiting 1/);
  now += 24 * 3_600_000;
  const metrics = await registry.metrics();
  expect(metrics).toContain('pjq_forward_outcomes_total{outcome="retry"} 2');
  expect(metrics).toContain('pjq_forward_outcomes_total{outcome="accepted"} 1');
  expect(metrics).toContain('pjq_forward_waiting 1');
});

test('a centre that takes every rating is told of at once', async () => {
  const registry = new Registry();
  const hall = await HallWithCentre.open({
    onOutcome: (edge) =>
      addForwardMetrics(registry, {
        db: edge.store.db,
        clock: { wallMs: () => edge.nowMs },
        timeZone: edge.policy.timeZone,
        isDiscreet: false,
      }),
  });
  const id = await hall.session(await hall.open({ caseNo: 'c-1' }), { level: 1 });
  await hall.becomes(id, 'delivered');
  expect(await registry.metrics()).toContain('pjq_forward_outcomes_total{outcome="accepted"} 1');
});
