import { describe, expect, it } from 'vitest';
import { makeRating, never, post, signRequest, startCentre, startPort } from './centre-at-work.js';

describe('a rating stands once at the centre, whatever way it comes', () => {
  it('is accepted, and stands in the ledger with all it said', async () => {
    const centre = await startCentre({ wallMs: () => 1_790_000_000_000 });
    const rating = makeRating();
    const port = startPort(centre.url, { clock: { wallMs: () => 1_790_000_000_000 } });
    expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'accepted' });
    expect(await centre.ledger()).toEqual([
      { ...rating, receivedAt: 1_790_000_000_000, idempotencyKey: 'key-1', arrivals: 1 },
    ]);
  });

  it('is "already" under the same key', async () => {
    const centre = await startCentre();
    const rating = makeRating();
    const port = startPort(centre.url);
    await port.deliver(rating, 'key-1', never);
    expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'already' });
    expect(await post(centre.url, signRequest(JSON.stringify(rating), { key: 'key-1' }))).toEqual({
      status: 200,
      answer: { outcome: 'already', held: rating },
    });
    expect(await centre.ledger()).toHaveLength(1);
  });

  it('is "already" under another key when it says the same, and that key then stands for it', async () => {
    const centre = await startCentre();
    const rating = makeRating();
    const port = startPort(centre.url);
    await port.deliver(rating, 'key-1', never);
    expect(await port.deliver(rating, 'key-2', never)).toEqual({ kind: 'already' });
    expect(await port.deliver(makeRating(), 'key-2', never)).toEqual({ kind: 'conflict', held: rating });
    expect((await centre.ledger()).map((entry) => entry.idempotencyKey)).toEqual(['key-1']);
  });

  it('is a conflict when its key holds another rating, even of another case', async () => {
    const centre = await startCentre();
    const first = makeRating();
    const other = makeRating();
    const port = startPort(centre.url);
    await port.deliver(first, 'key-1', never);
    expect(await port.deliver(other, 'key-1', never)).toEqual({ kind: 'conflict', held: first });
    expect(await post(centre.url, signRequest(JSON.stringify(other), { key: 'key-1' }))).toEqual({
      status: 409,
      answer: { outcome: 'already', held: first },
    });
    expect((await centre.ledger()).map((entry) => entry.ratingId)).toEqual([first.ratingId]);
  });

  it('is a conflict when its case holds another rating, with the level as the only difference', async () => {
    const centre = await startCentre();
    const first = makeRating({ satisfaction: 5 });
    const other = { ...first, satisfaction: 1 as const };
    const port = startPort(centre.url);
    await port.deliver(first, 'key-1', never);
    expect(await port.deliver(other, 'key-2', never)).toEqual({ kind: 'conflict', held: first });
    expect(await post(centre.url, signRequest(JSON.stringify(other), { key: 'key-3' }))).toEqual({
      status: 409,
      answer: { outcome: 'already', held: first },
    });
    expect((await centre.ledger()).map((entry) => entry.satisfaction)).toEqual([5]);
  });

  it('is another one with another number or in another hall', async () => {
    const centre = await startCentre();
    const first = makeRating();
    const port = startPort(centre.url);
    for (const [key, rating] of Object.entries({
      first,
      second: { ...first, assessNumber: 2 },
      completion: { ...first, serviceNumber: 1 },
      elsewhere: { ...first, hall: 'guinan' },
    })) {
      expect(await port.deliver(rating, key, never)).toEqual({ kind: 'accepted' });
    }
    await port.deliver(makeRating({ caseNo: 'other' }), 'other', never);
    expect((await centre.ledger()).map((entry) => entry.idempotencyKey)).toEqual([
      'first',
      'second',
      'completion',
      'elsewhere',
      'other',
    ]);
    expect((await centre.ledger(first.caseNo)).map((entry) => entry.idempotencyKey)).toEqual([
      'first',
      'second',
      'completion',
      'elsewhere',
    ]);
  });

  it("is compared by what the wire carries: a field of the caller's own makes no conflict", async () => {
    const centre = await startCentre();
    const rating = makeRating();
    const port = startPort(centre.url);
    await port.deliver({ ...rating, ...{ queuePosition: 1 } }, 'key-1', never);
    expect(await port.deliver({ ...rating, ...{ queuePosition: 2 } }, 'key-1', never)).toEqual({ kind: 'already' });
  });
});
