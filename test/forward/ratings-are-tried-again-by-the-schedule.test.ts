import { expect, test, vi } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import {
  becomes,
  DEFAULT_RETRY,
  hallWithRatings,
  row,
  ScriptedCentre,
  settle,
  startForwarder,
} from './hall-forwarding.js';

const down: CentreOutcome = { kind: 'retry', code: 'centre-unreachable', detail: 'status 500' };

test('a rating is tried again by the schedule, never earlier, under one key', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const startMs = hall.clock.wallMs();
  const centre = new ScriptedCentre(hall, [down, down, down, down, down, down, { kind: 'accepted' }]);
  const forwarder = startForwarder(hall, centre);
  for (const [index, waitMs] of [1_000, 2_000, 4_000, 8_000, 8_000, 8_000].entries()) {
    await vi.waitFor(() =>
      expect(row(hall, id)).toMatchObject({
        state: 'waiting',
        attempts: index + 1,
        claimedUntil: 0,
        lastCode: 'centre-unreachable',
      }),
    );
    expect(row(hall, id).nextAt).toBe(hall.clock.wallMs() + waitMs);
    hall.clock.advance(waitMs - 1);
    await settle(hall, forwarder);
    expect(centre.tries).toHaveLength(index + 1);
    hall.clock.advance(1);
    forwarder.wake();
    await vi.waitFor(() => expect(centre.tries).toHaveLength(index + 2));
  }
  expect(await becomes(hall, id, 'delivered')).toMatchObject({ deliveredAt: hall.clock.wallMs() });
  expect(centre.tries.map(({ atMs }) => atMs - startMs)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 23_000, 31_000]);
  expect(new Set(centre.tries.map(({ key }) => key))).toEqual(new Set([id]));
  expect(new Set(centre.tries.map(({ rating }) => JSON.stringify(rating))).size).toBe(1);
  expect(hall.ownBodies('centre.answered')).toEqual([{ ratingId: id, outcome: 'accepted' }]);

  hall.clock.advance(365 * 86_400_000);
  await settle(hall, forwarder);
  expect(centre.tries).toHaveLength(7);
});

test('a centre that asks for time gets it, and a shorter wish does not hurry the schedule', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const centre = new ScriptedCentre(hall, [
    { ...down, retryAfterMs: 600_000 },
    { ...down, retryAfterMs: 5 },
    { kind: 'accepted' },
  ]);
  const forwarder = startForwarder(hall, centre);
  await vi.waitFor(() => expect(row(hall, id).nextAt).toBe(hall.clock.wallMs() + 600_000));
  hall.clock.advance(599_999);
  await settle(hall, forwarder);
  expect(centre.tries).toHaveLength(1);
  hall.clock.advance(1);
  forwarder.wake();
  await vi.waitFor(() => expect(row(hall, id)).toMatchObject({ attempts: 2, nextAt: hall.clock.wallMs() + 2_000 }));
});

test('the random share of a wait shortens it by at most the jitter', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  startForwarder(hall, new ScriptedCentre(hall, [down]), {
    retry: { ...DEFAULT_RETRY, jitter: 0.4 },
    uniform: () => 0.5,
  });
  await vi.waitFor(() => expect(row(hall, id).nextAt).toBe(hall.clock.wallMs() + 800));
});

test('one rating that the centre cannot take now does not hold up the others', async () => {
  const { hall, ids } = await hallWithRatings(12);
  const centre = new ScriptedCentre(hall, [down, { kind: 'accepted' }]);
  startForwarder(hall, centre);
  await vi.waitFor(() => expect(hall.total('forward', "state = 'delivered'")).toBe(11));
  expect(hall.total('forward', "state = 'waiting'")).toBe(1);
  expect(new Set(centre.tries.map(({ key }) => key))).toEqual(new Set(ids));
  expect(centre.tries).toHaveLength(12);
});
