import { expect, test, vi } from 'vitest';
import { becomes, CLAIM_MS, hallWithRatings, row, ScriptedCentre, settle, startForwarder } from './hall-forwarding.js';

test('what a dead gateway had claimed is taken over after the claim time, under the same key', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const dead = new ScriptedCentre(hall, ['stall']);
  startForwarder(hall, dead);
  await vi.waitFor(() => expect(dead.tries).toHaveLength(1));
  const alive = new ScriptedCentre(hall, [{ kind: 'already' }]);
  const forwarder = startForwarder(hall, alive);
  hall.clock.advance(CLAIM_MS - 1);
  await settle(hall, forwarder);
  expect(alive.tries).toEqual([]);
  hall.clock.advance(1);
  forwarder.wake();
  await becomes(hall, id, 'delivered');
  expect([dead.tries[0]?.key, alive.tries.map(({ key }) => key)]).toEqual([id, [id]]);
});

test('stopping in the middle of a delivery leaves the rating free at once, as if it had not been tried', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const stalled = new ScriptedCentre(hall, ['stall']);
  const stopping = startForwarder(hall, stalled);
  await vi.waitFor(() => expect(stalled.tries).toHaveLength(1));
  expect(row(hall, id).claimedUntil).toBe(hall.clock.wallMs() + CLAIM_MS);
  await stopping.stop();
  // Free, and marked as begun: whether the centre has it nobody knows.
  expect(row(hall, id)).toMatchObject({ state: 'waiting', attempts: 0, claimedUntil: 1, lastCode: null });
  stopping.wake();
  await settle(hall, stopping);
  expect(stalled.tries).toHaveLength(1);

  const centre = new ScriptedCentre(hall, [{ kind: 'accepted' }]);
  startForwarder(hall, centre);
  await becomes(hall, id, 'delivered');
  expect(centre.tries.map(({ key, atMs }) => [key, atMs])).toEqual([[id, hall.clock.wallMs()]]);
});

test('two gateways at one queue never try the same rating at the same time', async () => {
  const { hall, ids } = await hallWithRatings(30);
  const centres = [new ScriptedCentre(hall, [{ kind: 'accepted' }]), new ScriptedCentre(hall, [{ kind: 'accepted' }])];
  for (const centre of centres) startForwarder(hall, centre);
  await vi.waitFor(() => expect(hall.total('forward', "state = 'delivered'")).toBe(30));
  const keys = centres.flatMap(({ tries }) => tries.map(({ key }) => key));
  expect(keys.sort()).toEqual([...ids].sort());
  expect(hall.ownBodies('centre.answered')).toHaveLength(30);
});
