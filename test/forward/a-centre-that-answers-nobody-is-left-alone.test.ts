import { expect, test, vi } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import { hallWithRatings, ScriptedCentre, settle, startForwarder } from './hall-forwarding.js';

const down: CentreOutcome = { kind: 'retry', code: 'centre-unreachable', detail: 'status 503' };
const CONCURRENCY = 4;

test('of a backlog one rating is tried at a time, by the schedule, until the centre answers', async () => {
  const { hall, ids } = await hallWithRatings(20);
  const outage = 6;
  const answers: CentreOutcome[] = [...Array<CentreOutcome>(CONCURRENCY + outage).fill(down), { kind: 'accepted' }];
  const centre = new ScriptedCentre(hall, answers);
  const forwarder = startForwarder(hall, centre, { concurrency: CONCURRENCY });
  await vi.waitFor(() => expect(centre.tries).toHaveLength(CONCURRENCY));
  for (const [index, waitMs] of [1_000, 2_000, 4_000, 8_000, 8_000, 8_000].entries()) {
    await settle(hall, forwarder);
    hall.clock.advance(waitMs - 1);
    await settle(hall, forwarder);
    expect(centre.tries).toHaveLength(CONCURRENCY + index);
    hall.clock.advance(1);
    await settle(hall, forwarder);
    expect(centre.tries).toHaveLength(CONCURRENCY + index + 1);
  }
  hall.clock.advance(8_000);
  await settle(hall, forwarder);
  await vi.waitFor(async () => {
    hall.clock.advance(8_000);
    await settle(hall, forwarder);
    expect(hall.total('forward', "state = 'delivered'")).toBe(ids.length);
  });
});

test('a centre that asks for time is asked by nobody meanwhile, what comes later included', async () => {
  const { hall } = await hallWithRatings(3);
  const centre = new ScriptedCentre(hall, [{ ...down, retryAfterMs: 60_000 }]);
  const forwarder = startForwarder(hall, centre, { concurrency: 1 });
  await vi.waitFor(() => expect(centre.tries).toHaveLength(1));
  hall.clock.advance(59_000);
  await settle(hall, forwarder);
  expect(centre.tries).toHaveLength(1);
  hall.clock.advance(1_000);
  await settle(hall, forwarder);
  expect(centre.tries.length).toBeGreaterThan(1);
});
