import { expect, test, vi } from 'vitest';
import { startCentre, startPort } from '../centre/centre-at-work.js';
import { becomes, hallWithRatings, row, startForwarder } from './hall-forwarding.js';

test('a rating whose answers were lost stands once at the real centre', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const centre = await startCentre();
  await centre.misbehave({ mode: 'accept-then-timeout', times: 2 });
  const forwarder = startForwarder(hall, startPort(centre.url, { timeoutMs: 300 }));
  for (const attempts of [1, 2]) {
    await vi.waitFor(
      () => expect(row(hall, id)).toMatchObject({ attempts, state: 'waiting', lastCode: 'centre-unreachable' }),
      { timeout: 5_000 },
    );
    hall.clock.advance(8_000);
    forwarder.wake();
  }
  await vi.waitFor(() => expect(row(hall, id).state).toBe('delivered'), { timeout: 5_000 });
  expect(await centre.ledger()).toMatchObject([
    { ratingId: id, caseNo: 'case-s-1', satisfaction: 2, idempotencyKey: id, window: '1', staffNo: '1001' },
  ]);
  expect(hall.ownBodies('centre.answered')).toEqual([{ ratingId: id, outcome: 'already' }]);
});

test("the real centre's Retry-After is obeyed", async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  const centre = await startCentre();
  await centre.misbehave({ mode: '429', times: 1, retryAfter: '47' });
  const forwarder = startForwarder(hall, startPort(centre.url));
  await vi.waitFor(() => expect(row(hall, id)).toMatchObject({ attempts: 1, nextAt: hall.clock.wallMs() + 47_000 }), {
    timeout: 5_000,
  });
  hall.clock.advance(47_000);
  forwarder.wake();
  await becomes(hall, id, 'delivered');
  expect(await centre.ledger()).toHaveLength(1);
});
