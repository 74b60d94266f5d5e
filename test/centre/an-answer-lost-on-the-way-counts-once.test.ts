import { expect, it } from 'vitest';
import { makeRating, never, startCentre, startPort } from './centre-at-work.js';

it('a rating whose answer was lost is sent again, is "already", and stands once', async () => {
  const centre = await startCentre();
  const rating = makeRating();
  const port = startPort(centre.url, { timeoutMs: 300 });
  await centre.misbehave({ mode: 'accept-then-timeout', times: 2 });
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    expect(await port.deliver(rating, 'key-1', never)).toEqual({
      kind: 'retry',
      code: 'centre-unreachable',
      detail: 'no answer within 300 ms',
    });
    expect((await centre.ledger()).map((entry) => entry.ratingId)).toEqual([rating.ratingId]);
  }
  expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'already' });
  expect((await centre.ledger()).map((entry) => entry.ratingId)).toEqual([rating.ratingId]);
});
