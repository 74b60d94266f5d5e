import { expect, it } from 'vitest';
import { makeRating, never, startCentre, startPort } from './centre-at-work.js';

const CASES = ['b-1', 'b-2', 'b-3'].map((caseNo, n) => ({ caseNo, matter: { code: `M-${n}` } }));

it('each case has its row, under one rating, with its own matter', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const batch = makeRating({ caseNo: 'b-1', cases: CASES });
  expect(await port.deliver(batch, 'key-1', never)).toEqual({ kind: 'accepted' });
  expect((await centre.ledger()).map((row) => [row.caseNo, row.ratingId, row.matter?.code])).toEqual([
    ['b-1', batch.ratingId, 'M-0'],
    ['b-2', batch.ratingId, 'M-1'],
    ['b-3', batch.ratingId, 'M-2'],
  ]);
  expect(await port.deliver(batch, 'key-1', never)).toEqual({ kind: 'already' });
  expect(await port.deliver(batch, 'key-2', never)).toEqual({ kind: 'already' });
  expect((await centre.ledger()).map(({ arrivals }) => arrivals)).toEqual([3, 3, 3]);
  expect(await centre.ledger('b-2')).toHaveLength(1);
});

it('where one of its cases has another rating, nothing of it is taken', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const single = makeRating({ caseNo: 'b-3' });
  await port.deliver(single, 'single', never);
  const batch = makeRating({ caseNo: 'b-1', cases: CASES });
  expect(await port.deliver(batch, 'batch', never)).toEqual({ kind: 'conflict', held: single });
  expect((await centre.ledger()).map(({ ratingId }) => ratingId)).toEqual([single.ratingId]);
  // And none of its cases is taken by one that comes later.
  const late = makeRating({ caseNo: 'b-2' });
  expect(await port.deliver(late, 'late', never)).toEqual({ kind: 'accepted' });
});

it('a batch of other cases is another rating', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const batch = makeRating({ caseNo: 'b-1', cases: CASES });
  await port.deliver(batch, 'key-1', never);
  const fewer = { ...batch, cases: CASES.slice(0, 2) };
  expect(await port.deliver(fewer, 'key-1', never)).toEqual({ kind: 'conflict', held: batch });
});

it('a centre that was cut off while it answered has all of it, or nothing', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const batch = makeRating({ caseNo: 'b-1', cases: CASES });
  await centre.misbehave({ mode: 'cut-answer', taken: false, times: 1 });
  expect(await port.deliver(batch, 'key-1', never)).toMatchObject({ kind: 'retry' });
  expect(await centre.ledger()).toEqual([]);
  await centre.misbehave({ mode: 'cut-answer', times: 1 });
  expect(await port.deliver(batch, 'key-1', never)).toMatchObject({ kind: 'retry' });
  expect(await port.deliver(batch, 'key-1', never)).toEqual({ kind: 'already' });
  expect(await centre.ledger()).toHaveLength(3);
});
