import { expect, test } from 'vitest';
import { FirstAnswers, KEPT_MS } from '../../gateway/services/first-answers.js';
import { HallLog } from '../ingest/hall-log.js';

test('first answers go after thirty days, whatever became of their requests', async () => {
  const hall = await HallLog.open();
  const answers = new FirstAnswers(hall);
  const first = async (key: string) => {
    const claim = await answers.claim(key, 'hash');
    if (claim.kind !== 'first') throw new Error('answered already');
    return claim;
  };
  await answers.keep(await first('kept'), 201, '{}');
  await answers.release(await first('released'));
  await first('died');
  hall.clock.advance(KEPT_MS);
  await answers.keep(await first('young'), 201, '{}');
  await answers.release(await first('young-released'));
  expect(await answers.prune(100)).toBe(0);
  // A released key still stands for its request, and the request may be made.
  await expect(answers.claim('released', 'another')).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  hall.clock.advance(1);
  expect(await answers.prune(2)).toBe(2);
  expect(await answers.prune(2)).toBe(1);
  expect(hall.rows('SELECT key FROM idempotency ORDER BY key')).toEqual([{ key: 'young' }, { key: 'young-released' }]);
  await expect(answers.claim('young-released', 'another')).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  expect(await answers.claim('young-released', 'hash')).toMatchObject({ kind: 'first' });
});

test('what a clock that ran ten years ahead has stamped goes as well', async () => {
  const hall = await HallLog.open();
  const answers = new FirstAnswers(hall);
  hall.clock.advance(120 * KEPT_MS);
  await answers.claim('from-the-future', 'hash');
  hall.clock.advance(-120 * KEPT_MS);
  await answers.claim('now', 'hash');
  expect(await answers.prune(100)).toBe(1);
  expect(hall.rows('SELECT key FROM idempotency')).toEqual([{ key: 'now' }]);
});
