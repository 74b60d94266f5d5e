import { describe, expect, it } from 'vitest';
import { makeRating, never, post, signRequest, startCentre, startPort } from './centre-at-work.js';

const refusal = (status: number, code: string) => ({
  status,
  answer: expect.objectContaining({ outcome: 'refused', code }) as unknown,
});

describe('bad requests are refused with a code, and nothing is taken', () => {
  it('refuses what is longer than 64 KiB before anything else, and takes what is just as long', async () => {
    const centre = await startCentre();
    const rating = JSON.stringify(makeRating());
    const padded = (length: number) => rating + ' '.repeat(length - Buffer.byteLength(rating));
    const long = padded(64 * 1024 + 1);
    expect(await post(centre.url, { headers: {}, body: long })).toEqual(refusal(413, 'too-large'));
    expect(await post(centre.url, signRequest(long, { key: 'key-1' }))).toEqual(refusal(413, 'too-large'));
    expect((await post(centre.url, signRequest(padded(64 * 1024), { key: 'key-2' }))).status).toBe(201);
  });

  it.each([
    ['no JSON', '{"ratingId"'],
    ['no rating', '[]'],
    ['a level that does not exist', JSON.stringify({ ...makeRating(), satisfaction: 6 })],
    ['a level in words', JSON.stringify({ ...makeRating(), satisfaction: '5' })],
    ['a missing case', JSON.stringify({ ...makeRating(), caseNo: undefined })],
  ])('refuses %s as malformed', async (_what, body) => {
    const centre = await startCentre();
    expect(await post(centre.url, signRequest(body, { key: 'key-1' }))).toEqual(refusal(422, 'malformed'));
    expect(await centre.ledger()).toEqual([]);
  });

  it('refuses a rating without Idempotency-Key', async () => {
    const centre = await startCentre();
    expect(await post(centre.url, signRequest(JSON.stringify(makeRating())))).toEqual(
      refusal(400, 'idempotency-key-missing'),
    );
    expect(await centre.ledger()).toEqual([]);
  });

  it('never is sent a rating that is not of the documented form', async () => {
    const centre = await startCentre();
    const outcome = await startPort(centre.url).deliver(makeRating({ caseNo: '' }), 'key-1', never);
    expect(outcome).toEqual({
      kind: 'refused',
      code: 'malformed',
      reason: 'The rating is not of the documented form; it was not sent.',
    });
  });

  it('tells how it keeps its ledger, and answers a wrong address in a form that is no refusal of a rating', async () => {
    const centre = await startCentre();
    expect(await (await fetch(`${centre.url}/healthz`)).json()).toEqual({
      ok: true,
      journalMode: 'wal',
      synchronous: 2,
    });
    expect(await startPort(`${centre.url}/wrong/`).deliver(makeRating(), 'key-1', never)).toMatchObject({
      kind: 'retry',
      code: 'centre-garbage',
    });
  });
});
