import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { eraseServices } from '../../gateway/evaluator/erase.js';
import { Erasing } from '../../gateway/evaluator/erasing.js';
import { nextSealed } from '../../gateway/evaluator/sealed-rows.js';
import { eraseSettled } from '../../gateway/evaluator/settled.js';
import { clearTraces } from '../../gateway/evaluator/traces.js';
import { BLANK_FORWARD, BLANK_SERVICE } from '../../gateway/store/blank-rows.js';
import type { ServiceTable } from '../../gateway/store/schema.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { quiet } from '../ingest/hall-log.js';
import { filesBelow, safeStore, sealedRow, standsIn, type SafeStore } from './hall-safe.js';
import { plantedEvaluator } from './planted.js';

const DAY_MS = 24 * 3_600_000;
const nobody = async () => false;

interface Case extends Partial<ServiceTable> {
  /** State of the queue's row for its rating. */
  readonly forwarded?: string;
}

/** A service of today with an evaluator. */
async function serve({ store, safe, clock }: SafeStore, serviceId: string, { forwarded, ...more }: Case = {}) {
  const nowMs = clock.wallMs();
  await store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('service')
      .values({
        serviceId,
        terminal: 't1',
        window: '1',
        caseNo: serviceId,
        stage: 'completion',
        matter: null,
        staffNo: null,
        state: 'closed',
        origin: 'command',
        openedAt: nowMs,
        closedAt: nowMs,
        endCause: 'time-over',
        closedSeenAt: nowMs,
        ratingId: forwarded === undefined ? null : `r-${serviceId}`.padEnd(11, '-'),
        requestedAt: nowMs,
        validUntil: nowMs,
        ...BLANK_SERVICE,
        daysFrom: nowMs,
        ...more,
      })
      .execute();
    if (forwarded !== undefined)
      await trx
        .insertInto('forward')
        .values({ ...BLANK_FORWARD, ratingId: `r-${serviceId}`.padEnd(11, '-'), state: forwarded, nextAt: 0 })
        .execute();
    await safe.record(trx, serviceId, plantedEvaluator(0));
  });
}

function erasing(
  { store, folder, clock }: SafeStore,
  hasOpenWorkOrder: (serviceId: string) => Promise<boolean> = nobody,
) {
  return new Erasing({ store, folder, clock, logger: quiet, retentionDays: 30, hasOpenWorkOrder }, { restMs: 0 });
}

const GOES: Readonly<Record<string, Case>> = {
  'the centre has the rating': { forwarded: 'delivered' },
  'its days were over unrated': { expiredAt: 1, defaultLevel: 3 },
  'its days were over, and it counts as nothing': { expiredAt: 1 },
  'it was taken back': { takenBackAt: 1 },
  'its terminal never opened it': { state: 'requested' },
};
const STAYS: Readonly<Record<string, Case>> = {
  'its rating waits for the centre': { forwarded: 'waiting' },
  'its rating is held': { forwarded: 'held' },
  'its rating waits for a reason': { forwarded: 'awaiting-reason' },
  'the centre refused its rating': { forwarded: 'refused' },
  'the centre has another rating': { forwarded: 'conflict' },
  'it has a default and then a rating that waits': { forwarded: 'waiting', expiredAt: 1, defaultLevel: 3 },
  'its days are not over': {},
  'it is open': { state: 'open' },
};

describe('after its retention', () => {
  test.each(Object.entries(GOES))('it goes when %s', async (_why, row) => {
    const hall = await safeStore();
    await serve(hall, 's-1', row);
    hall.clock.advance(30 * DAY_MS - 1);
    expect(await erasing(hall).erase()).toBe(0);
    hall.clock.advance(1);
    expect(await erasing(hall, async () => true).erase()).toBe(0);
    expect(await hall.safe.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));
    expect(await erasing(hall).erase()).toBe(1);
    expect(await sealedRow(hall.store, 's-1')).toMatchObject({
      wrappedKey: null,
      sealed: null,
      contactBasis: null,
      erasedAt: hall.clock.wallMs(),
    });
    expect(await hall.safe.evaluatorFor('s-1')).toBeNull();
    // Once.
    expect(await erasing(hall).erase()).toBe(0);
  });

  test.each(Object.entries(STAYS))('it stays while %s', async (_why, row) => {
    const hall = await safeStore();
    await serve(hall, 's-1', row);
    hall.clock.advance(400 * DAY_MS);
    expect(await erasing(hall).erase()).toBe(0);
    expect(await hall.safe.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));
  });
});

test('each erasing is an entry, and the chain stays whole', async () => {
  const hall = await safeStore();
  for (let n = 0; n < 120; n += 1)
    await serve(hall, `s-${n}`, n % 3 === 0 ? { forwarded: 'waiting' } : { expiredAt: 1 });
  hall.clock.advance(31 * DAY_MS);
  expect(await erasing(hall).erase()).toBe(80);
  const kinds = await hall.store.db
    .selectFrom('entry')
    .select((e) => e.fn.countAll<number>().as('total'))
    .where('kind', '=', 'evaluator.erased')
    .executeTakeFirstOrThrow();
  expect(kinds.total).toBe(80);
  await hall.store.close();
  const { ok, chains } = verifyFile(join(hall.folder, DATABASE_FILE), {
    suite: nodeSuite,
    publicKeys: [hall.key.publicKey],
    tables: false,
  });
  expect([ok, chains.length]).toEqual([true, 1]);
});

test('a step takes few rows and goes on where it was, past those that stay', async () => {
  const hall = await safeStore();
  for (let n = 0; n < 7; n += 1) await serve(hall, `s-${n}`, n < 4 ? {} : { expiredAt: 1 });
  hall.clock.advance(31 * DAY_MS);
  const times = { nowMs: hall.clock.wallMs(), cutoffMs: hall.clock.wallMs() - 30 * DAY_MS };
  const steps = [];
  for (let place: Parameters<typeof eraseSettled>[3] = null, more = true; more;) {
    const step = await eraseSettled(hall.store, nobody, times, place, 3);
    steps.push(step.erased);
    place = step.next;
    more = place !== null;
  }
  expect(steps).toEqual([0, 2, 1]);
});

test('of the data keys that were erased or replaced nothing stays in any file: pages, gaps, write-ahead log', async () => {
  const hall = await safeStore();
  const shuffle = <T>(some: readonly T[]) =>
    some.map((one, n) => [(n * 7_919) % 1_009, one] as const).sort(([a], [b]) => a - b);
  for (let from = 0; from < 400; from += 50) {
    await hall.store.db.transaction().execute(async (trx) => {
      for (let n = from; n < from + 50; n += 1) await hall.safe.record(trx, `s-${n}`, plantedEvaluator(n % 10));
    });
  }
  const gone = await nextSealed(hall.store.db, '', 2_000);
  expect(gone).toHaveLength(400);
  expect(standsIn(hall.folder, gone[17]?.wrappedKey ?? null)).toBe(true);
  // Every third one is corrected, longer than it was; all go, here and there, in small transactions.
  for (const [n, { serviceId }] of gone.entries())
    if (n % 3 === 0)
      await hall.store.db
        .transaction()
        .execute((trx) => hall.safe.record(trx, serviceId, { ...plantedEvaluator(1), name: '某'.repeat(30) }));
  const corrected = await nextSealed(hall.store.db, '', 2_000);
  const order = shuffle(gone.map(({ serviceId }) => serviceId)).map(([, serviceId]) => serviceId);
  for (let from = 0; from < order.length; from += 9)
    await hall.store.db
      .transaction()
      .execute((trx) => eraseServices(trx, hall.store, order.slice(from, from + 9), 'asked', hall.clock.wallMs()));
  expect(await clearTraces(hall.store, hall.folder)).toBe(true);
  const files = filesBelow(hall.folder);
  const left = [...gone, ...corrected].filter(({ wrappedKey }) => standsIn(files, wrappedKey));
  expect(left).toEqual([]);
});

test('while somebody reads, the write-ahead log is left for later, and nothing waits', async () => {
  const hall = await safeStore();
  await serve(hall, 's-1', { expiredAt: 1 });
  const { wrappedKey } = (await sealedRow(hall.store, 's-1')) ?? {};
  const reader = new Database(join(hall.folder, DATABASE_FILE), { readonly: true });
  const reading = reader.prepare('SELECT * FROM entry').iterate();
  reading.next();
  hall.clock.advance(31 * DAY_MS);
  expect(await erasing(hall).erase()).toBe(1);
  expect(standsIn(hall.folder, wrappedKey ?? null)).toBe(true);
  reading.return?.();
  reader.close();
  // The next look has nothing to erase, and clears what is left.
  expect(await erasing(hall).erase()).toBe(0);
  expect(standsIn(hall.folder, wrappedKey ?? null)).toBe(false);
});

test('a clock that has just jumped ahead erases nothing', async () => {
  const hall = await safeStore();
  await serve(hall, 's-1', { expiredAt: 1 });
  const job = erasing(hall);
  for (let day = 0; day < 8; day += 1, hall.clock.advance(DAY_MS)) await job.look();
  hall.clock.step(3_650 * DAY_MS);
  await job.look();
  expect(await hall.safe.evaluatorFor('s-1')).not.toBeNull();
  for (let day = 0; day < 8; day += 1, hall.clock.advance(DAY_MS)) await job.look();
  expect(await hall.safe.evaluatorFor('s-1')).toBeNull();
});

test('who asks to be erased loses texts as well, whatever the rating waits for; the rating stays', async () => {
  const hall = await safeStore();
  await serve(hall, 's-1', { forwarded: 'waiting' });
  const ratingId = 'r-s-1------';
  await hall.store.db
    .insertInto('rating')
    .values({
      ratingId,
      serviceId: 's-1',
      level: 1,
      channel: 'window',
      cause: 'time-over',
      entryId: 1,
      at: 1,
      correctedLowMs: null,
      correctedHighMs: null,
      latestMs: null,
      verified: 1,
      reasons: null,
      text: 'c'.repeat(43),
    })
    .execute();
  const text = '我住在滨河大道七号';
  await hall.store.db
    .insertInto('freeText')
    .values({ commitment: 'c'.repeat(43), ratingId, salt: Buffer.alloc(16, 9), text, appStatus: 3, at: 1 })
    .execute();
  const erased = await hall.store.db
    .transaction()
    .execute((trx) => eraseServices(trx, hall.store, ['s-1', 's-2'], 'asked', hall.clock.wallMs()));
  expect(erased).toEqual(['s-1']);
  await clearTraces(hall.store, hall.folder);
  expect(await hall.store.db.selectFrom('freeText').select(['salt', 'text']).execute()).toEqual([
    { salt: null, text: null },
  ]);
  expect(standsIn(hall.folder, Buffer.from(text))).toBe(false);
  expect(await hall.store.db.selectFrom('rating').select('level').execute()).toEqual([{ level: 1 }]);
});
