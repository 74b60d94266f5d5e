import { describe, expect, it } from 'vitest';
import {
  laterOutcome,
  MAX_RETRY_AFTER_MS,
  parseRetryAfter,
  readAnswer,
  saysLater,
} from '../../gateway/centre/generic-answer.js';
import { makeRating } from './centre-at-work.js';

const sent = makeRating({ caseNo: '案-1', satisfaction: 5 });
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const accepted = bytes({ outcome: 'accepted', ratingId: sent.ratingId });
const held = (changes = {}) => bytes({ outcome: 'already', held: { ...sent, ...changes } });

describe('what an answer means', () => {
  it("accepted is a yes with a status of success and the rating's own id only", () => {
    for (const status of [200, 201]) expect(readAnswer(status, accepted, sent)).toEqual({ kind: 'accepted' });
    for (const status of [302, 400, 404, 409])
      expect(readAnswer(status, accepted, sent)).toMatchObject({ kind: 'retry', code: 'centre-garbage' });
    const other = bytes({ outcome: 'accepted', ratingId: 'BBBBBBBBBBB' });
    expect(readAnswer(201, other, sent)).toMatchObject({ kind: 'retry', code: 'centre-garbage' });
  });

  it('already is a yes for the very rating only, whatever the status', () => {
    for (const status of [200, 201, 409, 422]) {
      expect(readAnswer(status, held(), sent)).toEqual({ kind: 'already' });
      expect(readAnswer(status, held({ assessTime: sent.assessTime + 1 }), sent)).toEqual({ kind: 'already' });
      for (const changes of [
        { satisfaction: 4 },
        { ratingId: 'BBBBBBBBBBB' },
        { serviceNumber: 9 },
        { staffNo: undefined },
      ]) {
        expect(readAnswer(status, held(changes), sent)).toMatchObject({ kind: 'conflict' });
      }
    }
    expect(readAnswer(200, held({ satisfaction: 4 }), sent)).toEqual({
      kind: 'conflict',
      held: { ...sent, satisfaction: 4 },
    });
  });

  it('a held rating in another encoding is garbage, not a conflict', () => {
    const utf8 = Buffer.from(held());
    const at = utf8.indexOf('案');
    const gbk = Buffer.concat([utf8.subarray(0, at), Buffer.from([0xb0, 0xb8]), utf8.subarray(at + 3)]);
    expect(readAnswer(200, gbk, sent)).toMatchObject({ kind: 'retry', code: 'centre-garbage' });
    expect(readAnswer(200, bytes({ outcome: 'already', held: { ...sent, satisfaction: 9 } }), sent)).toMatchObject({
      code: 'centre-garbage',
    });
  });

  it('refused is final with 4xx, never with success or a redirect', () => {
    const refused = bytes({ outcome: 'refused', code: 'no-service', reason: 'r' });
    for (const status of [400, 403, 404, 413, 422])
      expect(readAnswer(status, refused, sent)).toEqual({ kind: 'refused', code: 'no-service', reason: 'r' });
    for (const status of [200, 302])
      expect(readAnswer(status, refused, sent)).toMatchObject({ kind: 'retry', code: 'centre-garbage' });
    expect(readAnswer(422, bytes({ error: 'no' }), sent)).toMatchObject({ kind: 'retry', code: 'centre-garbage' });
  });

  it('401 is the secret or the clock, whatever the body', () => {
    for (const body of [accepted, held(), bytes('no'), bytes({ outcome: 'refused', code: 'level 5!', reason: 'r' })]) {
      expect(readAnswer(401, body, sent)).toEqual({ kind: 'retry', code: 'centre-signature', detail: 'status 401' });
    }
    expect(readAnswer(401, bytes({ outcome: 'refused', code: 'skew', reason: 'r' }), sent)).toMatchObject({
      detail: 'status 401 (skew)',
    });
  });

  it('tells nothing of the rating in its detail', () => {
    const outcome = readAnswer(200, bytes({ outcome: 'noted', held: { ...sent } }), sent);
    expect(outcome).toMatchObject({ kind: 'retry' });
    expect(JSON.stringify(outcome)).not.toMatch(/案-1|satisfaction/);
  });

  it('some statuses only say later', () => {
    expect([200, 302, 400, 401, 404, 408, 409, 422, 429, 499, 500, 503, 599].filter(saysLater)).toEqual([
      408, 429, 500, 503, 599,
    ]);
    expect(laterOutcome(503, undefined, 0)).toEqual({
      kind: 'retry',
      code: 'centre-unreachable',
      detail: 'status 503',
    });
    expect(laterOutcome(429, '3', 0)).toEqual({
      kind: 'retry',
      code: 'centre-unreachable',
      detail: 'status 429',
      retryAfterMs: 3_000,
    });
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1, 0, 0, 0);
  it.each([
    ['0', 0],
    [' 120 ', 120_000],
    ['3600', MAX_RETRY_AFTER_MS],
    ['86400', MAX_RETRY_AFTER_MS],
    ['9'.repeat(400), MAX_RETRY_AFTER_MS],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 05:00:00 GMT', MAX_RETRY_AFTER_MS],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['Xxx, nonsense GMT', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
