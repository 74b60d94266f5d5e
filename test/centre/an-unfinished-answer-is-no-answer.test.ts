import { describe, expect, it } from 'vitest';
import { makeRating, never, startCentre, startPort } from './centre-at-work.js';

describe('an answer that is cut, drips, or is about another rating', () => {
  it('cut in the middle, the rating taken: it is sent again, is "already", and stands once', async () => {
    const centre = await startCentre({ recognition: 'key' });
    const port = startPort(centre.url);
    const rating = makeRating();
    await centre.misbehave({ mode: 'cut-answer', times: 1 });
    expect(await port.deliver(rating, 'key-1', never)).toMatchObject({ kind: 'retry', code: 'centre-unreachable' });
    expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'already' });
    expect((await centre.ledger()).map(({ arrivals }) => arrivals)).toEqual([2]);
  });

  it('cut in the middle, the rating not taken: it is sent again and accepted', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    const rating = makeRating();
    await centre.misbehave({ mode: 'cut-answer', taken: false, times: 1 });
    expect(await port.deliver(rating, 'key-1', never)).toMatchObject({ kind: 'retry', code: 'centre-unreachable' });
    expect(await centre.ledger()).toEqual([]);
    expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'accepted' });
  });

  it('dripping within its time is waited for; past it the rating is sent again', async () => {
    const centre = await startCentre();
    const rating = makeRating();
    await centre.misbehave({ mode: 'drip', gapMs: 2, times: 1 });
    expect(await startPort(centre.url).deliver(rating, 'key-1', never)).toEqual({ kind: 'accepted' });
    await centre.misbehave({ mode: 'drip', gapMs: 500, times: 1 });
    const other = makeRating();
    const hasty = startPort(centre.url, { timeoutMs: 300 });
    expect(await hasty.deliver(other, 'key-2', never)).toMatchObject({ kind: 'retry', code: 'centre-unreachable' });
    expect(await hasty.deliver(other, 'key-2', never)).toEqual({ kind: 'already' });
  });

  it('"already" about another rating is a conflict, and takes nothing', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    const rating = makeRating({ satisfaction: 4 });
    await centre.misbehave({ mode: 'already-another', times: 1 });
    expect(await port.deliver(rating, 'key-1', never)).toMatchObject({ kind: 'conflict', held: { satisfaction: 5 } });
    expect(await centre.ledger()).toEqual([]);
  });
});
