import { expect, test } from 'vitest';
import { FirstAnswers, KEPT_MS, KeyClaims, settleClaim, type Claim } from '../../gateway/services/first-answers.js';
import { HallLog } from '../ingest/hall-log.js';

const KEPT = { status: 201, body: '{}' };

function take(hall: HallLog, key: string, hash = 'hash'): Promise<Claim> {
  return hall.store.db.transaction().execute(async (trx) => {
    const claims = new KeyClaims(trx);
    await claims.load([key]);
    const nowMs = hall.clock.wallMs();
    if (claims.answerTo(key, hash, nowMs) !== null) throw new Error('answered already');
    const claim = claims.take(key, hash, nowMs);
    await claims.write();
    return claim;
  });
}

async function settle(hall: HallLog, key: string, answer: typeof KEPT | null): Promise<void> {
  const claim = await take(hall, key);
  await hall.store.db.transaction().execute((trx) => settleClaim(trx, claim, answer));
}

test('first answers go after thirty days, whatever became of their requests', async () => {
  const hall = await HallLog.open();
  const answers = new FirstAnswers(hall);
  await settle(hall, 'kept', KEPT);
  await settle(hall, 'released', null);
  await take(hall, 'died');
  hall.clock.advance(KEPT_MS);
  await settle(hall, 'young', KEPT);
  await settle(hall, 'young-released', null);
  expect(await answers.prune(100)).toBe(0);
  // A released key still stands for its request, and the request may be made.
  await expect(take(hall, 'released', 'another')).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  hall.clock.advance(1);
  expect(await answers.prune(2)).toBe(2);
  expect(await answers.prune(2)).toBe(1);
  expect(hall.rows('SELECT key FROM idempotency ORDER BY key')).toEqual([{ key: 'young' }, { key: 'young-released' }]);
  await expect(take(hall, 'young-released', 'another')).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  expect(await take(hall, 'young-released')).toMatchObject({ key: 'young-released' });
});

test('what a clock that ran ten years ahead has stamped goes as well', async () => {
  const hall = await HallLog.open();
  const answers = new FirstAnswers(hall);
  hall.clock.advance(120 * KEPT_MS);
  await take(hall, 'from-the-future');
  hall.clock.advance(-120 * KEPT_MS);
  await take(hall, 'now');
  expect(await answers.prune(100)).toBe(1);
  expect(hall.rows('SELECT key FROM idempotency')).toEqual([{ key: 'now' }]);
});
