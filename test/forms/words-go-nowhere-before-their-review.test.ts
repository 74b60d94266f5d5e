import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { commitmentOf, eraseTexts, keepText, reviewText } from '../../gateway/services/free-text.js';
import { HallWithCentre, type HallOptions } from './hall-with-centre.js';

const STRICT: HallOptions = { centreRefusesBareNegative: true, knowsOfIt: true };
const WORDS = '排队太久,没有人解释原因。';

/** A rating with words, before anything of it was sent. */
async function withWords(hall: HallWithCentre, caseNo: string, level: 2 | 5): Promise<string> {
  const serviceId = await hall.open({ caseNo });
  await hall.forwarder.stop();
  return hall.ratedElsewhere(serviceId, { channel: 'receipt-qr', level, text: WORDS });
}

const review = (hall: HallWithCentre, ratingId: string, passed: boolean) =>
  hall.edge.store.db
    .transaction()
    .execute((trx) => reviewText(trx, hall.edge.store, ratingId, { passed, by: 'wang.wu', nowMs: hall.edge.nowMs }));

test('a rating goes without words that have not passed their review, and the words never follow by themselves', async () => {
  const hall = await HallWithCentre.open();
  const ratingId = await withWords(hall, 'positive', 5);
  const forwarder = hall.startAgain();
  await hall.becomes(ratingId, 'delivered');
  await review(hall, ratingId, true);
  forwarder.wake();
  const [told] = await hall.ledger('positive');
  expect([told?.text, told?.writtenBy, told?.arrivals]).toEqual([undefined, undefined, 1]);
});

test('words that passed before the rating goes come along, as the evaluator’s', async () => {
  const hall = await HallWithCentre.open();
  const ratingId = await withWords(hall, 'reviewed', 5);
  await review(hall, ratingId, true);
  hall.startAgain();
  await hall.becomes(ratingId, 'delivered');
  expect(await hall.ledger('reviewed')).toMatchObject([{ text: WORDS, writtenBy: 'evaluator' }]);
});

test('a rating that was tried without its words is tried again without them: the centre may have it', async () => {
  const hall = await HallWithCentre.open();
  const ratingId = await withWords(hall, 'tried', 5);
  await hall.centre.misbehave({ mode: 'cut-answer', times: 1 });
  hall.startAgain();
  await hall.tried(ratingId);
  await review(hall, ratingId, true);
  hall.advance(1);
  await hall.becomes(ratingId, 'delivered');
  const [told] = await hall.ledger('tried');
  expect([told?.text, told?.arrivals]).toEqual([undefined, 2]);
});

describe('a negative whose only why is its words, at a centre that wants one', () => {
  test('waits for their review, and goes with them', async () => {
    const hall = await HallWithCentre.open(STRICT);
    const ratingId = await withWords(hall, 'words', 2);
    hall.startAgain();
    await hall.becomes(ratingId, 'awaiting-reason');
    await review(hall, ratingId, false);
    expect((await hall.forward(ratingId)).state).toBe('awaiting-reason');
    await review(hall, ratingId, true);
    await hall.becomes(ratingId, 'delivered');
    expect(await hall.ledger('words')).toMatchObject([{ satisfaction: 2, text: WORDS, writtenBy: 'evaluator' }]);
  });

  test('is never told to have said nothing, however long the review takes', async () => {
    const bareNegative = { waitHours: 1, then: 'neutral-text' } as const;
    const hall = await HallWithCentre.open({ ...STRICT, policy: { bareNegative } });
    const ratingId = await withWords(hall, 'slow-review', 2);
    hall.startAgain();
    await hall.becomes(ratingId, 'awaiting-reason');
    hall.advance(1_000);
    expect(await hall.look()).toBe(0);
    // A callback may bring words of its own beside them.
    await hall.reasons.supply(ratingId, { text: '态度不好' });
    await hall.becomes(ratingId, 'delivered');
    expect(await hall.ledger('slow-review')).toMatchObject([{ text: '态度不好', writtenBy: 'callback' }]);
  });
});

describe('what is kept of words', () => {
  test('is committed to with a salt of its own, and can be erased without a break in the chain', async () => {
    const hall = await HallWithCentre.open();
    const { db } = hall.edge.store;
    const keep = (ratingId: string) =>
      db.transaction().execute((trx) => keepText(trx, ratingId, WORDS, { nowMs: hall.edge.nowMs }));
    const [a, b] = [await keep('AAAAAAAAAAA'), await keep('BBBBBBBBBBB')];
    expect(a).not.toBe(b);
    const row = await db.selectFrom('freeText').selectAll().where('commitment', '=', a).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ ratingId: 'AAAAAAAAAAA', text: WORDS, appStatus: 3 });
    expect(row.salt).toHaveLength(16);
    const byHand = createHash('sha256').update(Buffer.concat([row.salt as Uint8Array, Buffer.from(WORDS, 'utf8')]));
    expect([commitmentOf(row.salt as Uint8Array, WORDS), byHand.digest('base64url')]).toEqual([a, a]);
    const entries = () => db.selectFrom('entry').select(['seq', 'bytes', 'hash']).orderBy('id').execute();
    const before = await entries();
    await db.transaction().execute((trx) => eraseTexts(trx, hall.edge.store, ['AAAAAAAAAAA']));
    const left = await db.selectFrom('freeText').selectAll().orderBy('ratingId').execute();
    expect(left).toMatchObject([
      { ratingId: 'AAAAAAAAAAA', commitment: a, salt: null, text: null },
      { ratingId: 'BBBBBBBBBBB', text: WORDS },
    ]);
    // Nothing of the log is touched; one entry is added that says so.
    expect((await entries()).slice(0, -1)).toEqual(before);
    expect(await hall.edge.ownEntries('text.settled')).toEqual([{ commitment: a, outcome: 'erased' }]);
    // Erased words pass no review.
    await review(hall, 'AAAAAAAAAAA', true);
    expect((await db.selectFrom('freeText').selectAll().where('commitment', '=', a).execute())[0]?.appStatus).toBe(3);
  });

  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['more than 500 characters', '长'.repeat(501)],
    ['a line break', '一\n二'],
    ['an escape', '一\u001b[2J'],
    ['half a character', '一\ud83d'],
  ])('%s is refused, and the error does not repeat it', async (_what, text) => {
    const hall = await HallWithCentre.open();
    const { db } = hall.edge.store;
    const error: unknown = await db
      .transaction()
      .execute((trx) => keepText(trx, 'AAAAAAAAAAA', text, { nowMs: 1 }))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'text-refused', detail: undefined });
    expect(await db.selectFrom('freeText').selectAll().execute()).toEqual([]);
  });
});
