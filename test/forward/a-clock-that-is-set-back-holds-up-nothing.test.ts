import { expect, test, vi } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import { centreRatingSchema } from '../../protocol/index.js';
import { CLAIM_MS, hallWithRatings, row, ScriptedCentre, settle, startForwarder } from './hall-forwarding.js';

const down: CentreOutcome = { kind: 'retry', code: 'centre-unreachable', detail: 'status 500' };
const YEARS_48 = 48 * 365 * 86_400_000;

test.each([3_600_000, YEARS_48])('by %i ms while ratings wait: they are tried again at once', async (backMs) => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const centre = new ScriptedCentre(hall, [down, { kind: 'accepted' }]);
  const forwarder = startForwarder(hall, centre);
  await vi.waitFor(() => expect(row(hall, id)).toMatchObject({ attempts: 1, claimedUntil: 0 }));
  await settle(hall, forwarder);
  hall.clock.step(-backMs);
  hall.clock.advance(1_000);
  await settle(hall, forwarder);
  await vi.waitFor(() => expect(row(hall, id).state).toBe('delivered'));
});

test('before a rating was ever tried: it waits for nothing', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  hall.clock.step(-3_600_000);
  startForwarder(hall, new ScriptedCentre(hall, [{ kind: 'accepted' }]));
  await vi.waitFor(() => expect(row(hall, id).state).toBe('delivered'));
});

const NOW = 1_795_280_559_905;
const YEARS_10 = 10 * 365 * 86_400_000;

test.each([
  ['from 1978 to 2036', NOW - YEARS_48, NOW + YEARS_10, NOW],
  ['from 2036 to 1978', NOW + YEARS_10, NOW - YEARS_48, NOW],
  ['by an hour forth', NOW - 1_000, NOW + 3_600_000, NOW],
  ['by an hour back, with nobody knowing the true time', NOW + 3_600_000, NOW, null],
])('of a terminal, %s in mid service: the service comes before its rating all the same', async (_, from, to, true_) => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  await hall.store.db.updateTable('service').set({ openedAt: from }).execute();
  await hall.store.db.updateTable('rating').set({ at: to, correctedLowMs: true_, correctedHighMs: true_ }).execute();
  const centre = new ScriptedCentre(hall, [{ kind: 'accepted' }]);
  startForwarder(hall, centre);
  await vi.waitFor(() => expect(row(hall, id).state).toBe('delivered'));
  const { assessTime, serviceTime } = centreRatingSchema.parse(centre.tries[0]?.rating);
  expect(assessTime).toBe(true_ ?? to);
  expect(serviceTime).toBeLessThanOrEqual(assessTime);
  expect(assessTime - serviceTime).toBeLessThan(2 * 3_600_000);
});

test('while no gateway ran: neither a wait nor a claim of then counts', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const lost = startForwarder(hall, new ScriptedCentre(hall, ['stall']));
  await vi.waitFor(() => expect(row(hall, id).claimedUntil).toBe(hall.clock.wallMs() + CLAIM_MS));
  hall.clock.step(-YEARS_48);
  startForwarder(hall, new ScriptedCentre(hall, [{ kind: 'accepted' }]));
  await vi.waitFor(() => expect(row(hall, id).state).toBe('delivered'));
  await lost.stop();
});
