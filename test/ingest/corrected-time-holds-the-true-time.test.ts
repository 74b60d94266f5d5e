import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimePairs, type Interval } from '../../gateway/ingest/corrected-time.js';
import type { Trx } from '../../gateway/store/store.js';
import type { TimeClaim } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';

const START_MS = 1_790_000_000_000;
const DAY_MS = 86_400_000;

async function learnTime(trx: Trx, source: string, claim: TimeClaim, receivedMs: number): Promise<void> {
  const pairs = new TimePairs();
  await pairs.load(trx, [[source, claim.bootId]]);
  pairs.learn(source, { claim, receivedMs });
  await pairs.write(trx);
}

async function correctedTime(trx: Trx, source: string, bootId: string, monoMs: number): Promise<Interval | null> {
  const pairs = new TimePairs();
  await pairs.load(trx, [[source, bootId]]);
  return pairs.correct(source, bootId, monoMs);
}

/** A terminal as physics has it: `trueMs` is the gateway's time; its crystal drifts and its wall clock says anything. */
interface Life {
  readonly driftPpm: number;
  readonly bootMs: number;
  readonly wallOffsetMs: number;
  /** Batches: an ack was said, heard, then a batch was packed, and arrived; each so much later than the one before. */
  readonly batches: readonly {
    readonly idleMs: number;
    readonly downMs: number;
    readonly heldMs: number;
    readonly upMs: number;
  }[];
  readonly pressesMs: readonly number[];
}

const life: fc.Arbitrary<Life> = fc.record({
  driftPpm: fc.double({ min: -100, max: 100, noNaN: true }),
  bootMs: fc.double({ min: START_MS, max: START_MS + 10_000, noNaN: true }),
  wallOffsetMs: fc.integer({ min: -1_500_000_000_000, max: 1_500_000_000_000 }),
  batches: fc.array(
    fc.record({
      idleMs: fc.double({ min: 0, max: DAY_MS, noNaN: true }),
      downMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
      heldMs: fc.oneof(
        fc.double({ min: 0, max: 2_000, noNaN: true }),
        fc.double({ min: 0, max: 3 * DAY_MS, noNaN: true }),
      ),
      upMs: fc.oneof(fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 0, max: DAY_MS, noNaN: true })),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  pressesMs: fc.array(fc.double({ min: 0, max: 20 * DAY_MS, noNaN: true }), { minLength: 1, maxLength: 5 }),
});

test('the corrected time always holds the true time, whatever the wall clock says', async () => {
  const { store } = await HallLog.open();
  await fc.assert(
    fc.asyncProperty(life, async ({ driftPpm, bootMs, wallOffsetMs, batches, pressesMs }) => {
      const bootId = nodeRandomness.newId();
      const mono = (trueMs: number) => Math.floor((trueMs - bootMs) * (1 + driftPpm / 1e6));
      await store.db.transaction().execute(async (trx) => {
        let nowMs = bootMs;
        for (const { idleMs, downMs, heldMs, upMs } of batches) {
          const saidMs = nowMs + idleMs;
          const heardMs = saidMs + downMs;
          const packedMs = heardMs + heldMs;
          nowMs = packedMs + upMs;
          const claim: TimeClaim = {
            bootId,
            mono: mono(packedMs),
            at: Math.max(0, Math.floor(packedMs + wallOffsetMs)),
            echo: { gatewayTime: Math.floor(saidMs), mono: mono(heardMs) },
          };
          await learnTime(trx, 'demo/t1', claim, Math.floor(nowMs));
          for (const sinceBootMs of pressesMs) {
            const trueMs = bootMs + sinceBootMs;
            const found = await correctedTime(trx, 'demo/t1', bootId, mono(trueMs));
            expect(found).not.toBeNull();
            expect(found?.lowMs).toBeLessThanOrEqual(trueMs);
            expect(found?.highMs).toBeGreaterThanOrEqual(trueMs);
          }
        }
      });
    }),
    { numRuns: 150 },
  );
});

test('a prompt exchange leaves a narrow interval', async () => {
  const { store } = await HallLog.open();
  await store.db.transaction().execute(async (trx) => {
    await learnTime(
      trx,
      'demo/t1',
      { bootId: 'AAAAAAAAAAA', mono: 5_040, at: 0, echo: { gatewayTime: START_MS, mono: 5_020 } },
      START_MS + 60,
    );
    const found = await correctedTime(trx, 'demo/t1', 'AAAAAAAAAAA', 5_030);
    expect((found?.highMs ?? Infinity) - (found?.lowMs ?? 0)).toBeLessThanOrEqual(50);
    // A pair that took a day does not widen what is known.
    await learnTime(
      trx,
      'demo/t1',
      { bootId: 'AAAAAAAAAAA', mono: 6_040, at: 0, echo: { gatewayTime: START_MS, mono: 5_020 } },
      START_MS + DAY_MS,
    );
    expect(await correctedTime(trx, 'demo/t1', 'AAAAAAAAAAA', 5_030)).toEqual(found);
  });
});

test('nothing is known of another boot, of another terminal, without an echo, or by an echo from the future', async () => {
  const { store } = await HallLog.open();
  await store.db.transaction().execute(async (trx) => {
    await learnTime(trx, 'demo/t2', { bootId: 'AAAAAAAAAAA', mono: 5_000, at: START_MS }, START_MS);
    expect(await correctedTime(trx, 'demo/t2', 'AAAAAAAAAAA', 5_000)).toBeNull();
    await learnTime(
      trx,
      'demo/t2',
      { bootId: 'AAAAAAAAAAA', mono: 5_000, at: START_MS, echo: { gatewayTime: START_MS, mono: 5_001 } },
      START_MS + 2_000,
    );
    expect(await correctedTime(trx, 'demo/t2', 'AAAAAAAAAAA', 5_000)).toBeNull();
    await learnTime(
      trx,
      'demo/t1',
      { bootId: 'AAAAAAAAAAA', mono: 5_000, at: START_MS, echo: { gatewayTime: START_MS, mono: 4_000 } },
      START_MS + 2_000,
    );
    expect(await correctedTime(trx, 'demo/t1', 'AAAAAAAAAAA', 5_000)).not.toBeNull();
    expect(await correctedTime(trx, 'demo/t1', 'AAAAAAAAAAB', 5_000)).toBeNull();
    expect(await correctedTime(trx, 'demo/t2', 'AAAAAAAAAAA', 5_000)).toBeNull();
  });
});

test('a rating carries the corrected time of its press beside what the terminal said; unknown stays unknown', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const wrongByMs = 400 * DAY_MS;
  chain.clock.advance(wrongByMs); // the wall clock is years off: only mono and the echo count
  const echo = { gatewayTime: hall.clock.wallMs(), mono: chain.clock.monoMs() };
  const step = (ms: number) => [hall.clock, chain.clock].forEach((clock) => clock.advance(ms));
  step(1_000);
  chain.opened('s-1');
  step(4_000);
  const pressedMs = hall.clock.wallMs();
  const id = chain.press('s-1', 4);
  step(5_000);
  chain.rating('s-1', 4, id);
  const unknown = await hall.terminal('t2');
  unknown.ratedService('s-2');
  const time = { bootId: chain.bootId, mono: chain.clock.monoMs(), at: chain.clock.wallMs(), echo };
  step(300);
  await hall.arrive(['t1', chain.batch(1, chain.headSeq, { time })], ['t2', unknown.batch()]);

  const [known, never] = hall.rows<{ at: number; correctedLowMs: number | null; correctedHighMs: number | null }>(
    'SELECT * FROM rating ORDER BY serviceId',
  );
  expect(known?.at).toBe(pressedMs + wrongByMs);
  expect(known?.correctedLowMs).toBeGreaterThan(pressedMs - 1_000);
  expect(known?.correctedLowMs).toBeLessThanOrEqual(pressedMs);
  expect(known?.correctedHighMs).toBeGreaterThanOrEqual(pressedMs);
  expect(known?.correctedHighMs).toBeLessThan(pressedMs + 1_000);
  expect(never).toMatchObject({ correctedLowMs: null, correctedHighMs: null });
});

test('what an earlier batch of the boot told serves a rating that comes later, without an echo', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const time = { bootId: chain.bootId, mono: chain.clock.monoMs(), at: chain.clock.wallMs() };
  const echo = { gatewayTime: hall.clock.wallMs(), mono: chain.clock.monoMs() };
  await hall.send(chain, chain.batch(1, 1, { time: { ...time, echo } }));
  chain.ratedService('s-1');
  const pressedMs = hall.clock.wallMs();
  await hall.send(chain, chain.batch(2, 4, { time }));
  const [rating] = hall.rows<{ correctedLowMs: number; correctedHighMs: number }>('SELECT * FROM rating');
  expect(rating?.correctedLowMs).toBeLessThanOrEqual(pressedMs);
  expect(rating?.correctedHighMs).toBeGreaterThanOrEqual(pressedMs);
});
