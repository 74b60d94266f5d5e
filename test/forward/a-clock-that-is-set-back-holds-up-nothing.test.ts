import { expect, test, vi } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
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
