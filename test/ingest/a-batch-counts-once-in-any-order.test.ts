import { describe, expect, test } from 'vitest';
import { HallLog, type HeardAck } from './hall-log.js';
import type { TerminalChain } from './terminal-chain.js';

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

/** Two services, nine entries. */
async function chainOfTwo(hall: HallLog, name: string): Promise<TerminalChain> {
  const chain = await hall.terminal(name);
  chain.ratedService(`${name}-a`, 5);
  chain.ratedService(`${name}-b`, 1);
  chain.append('duty.off', { staffNo: '1001' });
  chain.append('boot', { version: '0.1.0' });
  return chain;
}

function expectOnce(hall: HallLog, chain: TerminalChain, acks: readonly HeardAck[]): void {
  expect(hall.storedSeqs(chain)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(acks.filter(({ refused }) => refused === undefined).at(-1)).toMatchObject({
    throughSeq: 9,
    epoch: chain.epoch,
  });
  const services = `serviceId IN ('${chain.terminal}-a', '${chain.terminal}-b')`;
  expect([hall.total('press', services), hall.total('rating', services)]).toEqual([2, 2]);
  expect(hall.total('forward', `ratingId IN (SELECT ratingId FROM rating WHERE ${services})`)).toBe(2);
  expect(hall.total('pending', `source = '${chain.source}'`)).toBe(0);
  expect(hall.setAside()).toEqual([]);
}

type Cut = readonly [first: number, last: number];
const CUTS: Readonly<Record<string, readonly Cut[]>> = {
  'side by side': [
    [1, 2],
    [3, 4],
    [5, 7],
    [8, 9],
  ],
  'with overlaps': [
    [1, 4],
    [3, 6],
    [2, 8],
    [6, 9],
  ],
};

describe.each(Object.entries(CUTS))('batches %s count once in every order', (_name, cuts) => {
  test('one after the other', async () => {
    const hall = await HallLog.open();
    for (const [index, order] of permutations(cuts).entries()) {
      const chain = await chainOfTwo(hall, `t${index}`);
      const acks: HeardAck[] = [];
      for (const [first, last] of order) acks.push(...(await hall.send(chain, chain.batch(first, last))));
      expectOnce(hall, chain, acks);
    }
    expect(hall.alarms()).toEqual([]);
  });

  test('together in one transaction', async () => {
    const hall = await HallLog.open();
    for (const [index, order] of permutations(cuts).entries()) {
      const chain = await chainOfTwo(hall, `t${index}`);
      expectOnce(hall, chain, await hall.send(chain, ...order.map(([first, last]) => chain.batch(first, last))));
    }
    expect(hall.alarms()).toEqual([]);
  });
});

test('the same batch thrice counts once, before and after others', async () => {
  const hall = await HallLog.open();
  const chain = await chainOfTwo(hall, 't1');
  const [first, second] = [chain.batch(1, 4), chain.batch(5, 9)];
  const acks: HeardAck[] = [];
  for (const group of [[first, first, first], [second], [first], [second, first], [second]]) {
    const answers = await hall.send(chain, ...group);
    expect(answers).toHaveLength(1);
    acks.push(...answers);
  }
  expect(acks.map(({ throughSeq, refused, stopped }) => [throughSeq, refused, stopped])).toEqual(
    [4, 9, 9, 9, 9].map((throughSeq) => [throughSeq, undefined, undefined]),
  );
  expectOnce(hall, chain, acks);
  expect(hall.alarms()).toEqual([]);
});

test('past sixteen waiting batches the rest is refused with pending-full, and going back loses nothing', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  for (let n = 1; n <= 8; n += 1) chain.ratedService(`s-${n}`);
  const codes: (string | undefined)[] = [];
  for (let seq = 2; seq <= 20; seq += 1)
    codes.push(...(await hall.send(chain, chain.batch(seq, seq))).map(({ refused }) => refused?.code));
  expect(codes).toEqual([
    ...Array.from({ length: 16 }, () => 'batch-pending'),
    'pending-full',
    'pending-full',
    'pending-full',
  ]);
  expect(hall.total('pending')).toBe(16);
  expect(hall.storedSeqs(chain)).toEqual([]);

  const [bridged] = await hall.send(chain, chain.batch(1, 1));
  expect(bridged).toMatchObject({ throughSeq: 17 });
  const [last] = await hall.send(chain, chain.batch(18, 25));
  expect(last).toMatchObject({ throughSeq: 25 });
  expect(hall.storedSeqs(chain)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  expect([hall.total('pending'), hall.total('rating'), hall.total('forward')]).toEqual([0, 8, 8]);
});

test('a batch that waits outlives the program', async () => {
  const hall = await HallLog.open();
  const chain = await chainOfTwo(hall, 't1');
  await hall.send(chain, chain.batch(4, 9));
  await hall.close();
  const later = await HallLog.open({ folder: hall.folder, key: hall.key });
  expectOnce(later, chain, await later.send(chain, chain.batch(1, 3)));
});
