import { expect, it } from 'vitest';
import type { CentreRating } from '../../protocol/index.js';
import { makeRating, never, startCentre, startPort } from './centre-at-work.js';

/** Another act of the same service that turned out to be the first. */
function correctionOf(rating: CentreRating, changes: Partial<CentreRating> = {}): CentreRating {
  return { ...rating, ratingId: makeRating().ratingId, corrects: rating.ratingId, ...changes };
}

it('the rating before it is kept as history, and stands no longer', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const first = makeRating({ satisfaction: 5 });
  await port.deliver(first, first.ratingId, never);
  const correction = correctionOf(first, { satisfaction: 2 });
  expect(await port.deliver(correction, correction.ratingId, never)).toEqual({ kind: 'accepted' });
  expect((await centre.ledger()).map((row) => [row.ratingId, row.satisfaction])).toEqual([[correction.ratingId, 2]]);
  expect(await centre.superseded()).toMatchObject([{ ...first, correctedBy: correction.ratingId }]);
});

it('the same correction again is "already", with and without the word of what it corrects', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const first = makeRating();
  await port.deliver(first, 'first', never);
  const correction = correctionOf(first);
  const { corrects: _word, ...plain } = correction;
  await port.deliver(correction, 'second', never);
  for (const [rating, key] of [
    [correction, 'second'],
    [correction, 'third'],
    [plain, 'second'],
  ] as const)
    expect(await port.deliver(rating, key, never)).toEqual({ kind: 'already' });
  expect((await centre.ledger()).map(({ arrivals }) => arrivals)).toEqual([4]);
  expect(await centre.superseded()).toHaveLength(1);
});

it('what was corrected and comes again was taken before: it changes nothing', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const first = makeRating({ satisfaction: 5 });
  const correction = correctionOf(first, { satisfaction: 1 });
  await port.deliver(first, 'first', never);
  await port.deliver(correction, 'second', never);
  for (const key of ['first', 'another']) expect(await port.deliver(first, key, never)).toEqual({ kind: 'already' });
  const other = makeRating();
  expect(await port.deliver(other, 'first', never)).toEqual({ kind: 'conflict', held: first });
  expect((await centre.ledger()).map(({ satisfaction }) => satisfaction)).toEqual([1]);
});

it('a correction of something that is not there is taken as new', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const correction = correctionOf(makeRating());
  expect(await port.deliver(correction, 'key-1', never)).toEqual({ kind: 'accepted' });
  expect([(await centre.ledger()).length, (await centre.superseded()).length]).toEqual([1, 0]);
});

it('a correction of one rating takes the place of no other', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const standing = makeRating({ satisfaction: 4 });
  await port.deliver(standing, 'standing', never);
  const stray = correctionOf(standing, { corrects: makeRating().ratingId });
  expect(await port.deliver(stray, 'stray', never)).toEqual({ kind: 'conflict', held: standing });
  expect((await centre.ledger()).map(({ ratingId }) => ratingId)).toEqual([standing.ratingId]);
});

it('of a batch all cases are corrected, or none', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const cases = ['b-1', 'b-2'].map((caseNo) => ({ caseNo }));
  const batch = makeRating({ caseNo: 'b-1', cases, satisfaction: 5 });
  await port.deliver(batch, 'batch', never);
  const correction = correctionOf(batch, { satisfaction: 3 });
  expect(await port.deliver(correction, 'correction', never)).toEqual({ kind: 'accepted' });
  expect((await centre.ledger()).map((row) => [row.caseNo, row.satisfaction])).toEqual([
    ['b-1', 3],
    ['b-2', 3],
  ]);
  expect((await centre.superseded()).map(({ caseNo }) => caseNo)).toEqual(['b-1', 'b-2']);
  const wider = correctionOf(correction, { cases: [...cases, { caseNo: 'b-9' }] });
  await port.deliver(makeRating({ caseNo: 'b-9' }), 'other', never);
  expect(await port.deliver(wider, 'wider', never)).toMatchObject({ kind: 'conflict' });
  expect((await centre.ledger('b-1')).map(({ ratingId }) => ratingId)).toEqual([correction.ratingId]);
});

it('a centre that recognises ratings by their keys only corrects all the same', async () => {
  const centre = await startCentre({ recognition: 'key' });
  const port = startPort(centre.url);
  const first = makeRating();
  await port.deliver(first, 'first', never);
  await port.deliver(correctionOf(first), 'second', never);
  expect((await centre.ledger()).map(({ idempotencyKey }) => idempotencyKey)).toEqual(['second']);
});
