import { expect, test } from 'vitest';
import {
  AT_ONCE_MS,
  flagsOf,
  LIMITS,
  totalOf,
  type PrintedSlip,
  type SeenAct,
} from '../../gateway/core/misuse-rules.js';

const DAY = '2026-11-21';
const FROM_MS = 1_790_000_000_000;

/** Acts a minute apart, each of a service of its own, by somebody else each, unless told otherwise. */
function acts(total: number, change: (n: number) => Partial<SeenAct> = () => ({})): SeenAct[] {
  return Array.from({ length: total }, (_, n) => ({
    ratingId: `rating-${String(n).padStart(4, '0')}`,
    serviceId: `s-${n}`,
    window: '1',
    terminal: 't1',
    device: `device-${n}`,
    block: `block-${n}`,
    inHall: false,
    atMs: FROM_MS + n * 60_000,
    ...change(n),
  }));
}

const slipOf = ({ serviceId, terminal, window, atMs }: SeenAct, beforeMs: number): PrintedSlip => ({
  serviceId,
  terminal,
  window,
  fromMs: atMs - beforeMs,
});

const raised = (seen: readonly SeenAct[], slips: readonly PrintedSlip[] = []) =>
  flagsOf(seen, slips, DAY).map(({ flag, evidence }) => [flag, totalOf(evidence)]);

const oneDevice = () => ({ device: 'one' });
const windows = (n: number) => ({ device: 'one', window: String(n) });

test.each([
  ['a family with one phone', acts(3, oneDevice), []],
  ['one phone, again and again at one window', acts(4, oneDevice), [['device-at-one-window', 4]]],
  ['one phone at five windows', acts(5, windows), []],
  ['one phone at six windows', acts(6, windows), [['many-from-one-device', 6]]],
  ['one act, changed nine times', acts(10, () => ({ device: 'one', serviceId: 's-1' })), []],
  ['a street of nineteen', acts(19, () => ({ block: 'one' })), []],
  ['a street of twenty, all at one window', acts(20, () => ({ block: 'one' })), [['many-from-one-block', 20]]],
  ['a street of twenty, at two windows', acts(20, (n) => ({ block: 'one', window: String(n % 2) })), []],
  ['nine from within the hall', acts(9, () => ({ inHall: true })), []],
  ['ten from within the hall, at one window', acts(10, () => ({ inHall: true })), [['many-from-the-hall', 10]]],
  ['a hundred people', acts(100), []],
])('%s', (_what, seen, flags) => {
  expect(raised(seen)).toEqual(flags);
});

test.each([
  ['three in a row, each within twenty seconds', [5_000, 0, AT_ONCE_MS], [['used-at-once', 3]]],
  ['the third too late', [5_000, 5_000, AT_ONCE_MS + 1], []],
  ['one in between that nobody used', [5_000, 5_000, null, 5_000, 5_000], []],
  ['a run after such a one', [5_000, null, 1_000, 1_000, 1_000, 1_000], [['used-at-once', 4]]],
  // A clock that nobody can have: the slip after its use.
  ['used before it was printed', [-1, -1, -1], []],
] as const)('slips used: %s', (_what, after, flags) => {
  const seen = acts(after.length);
  const slips = seen.map((act, n) => slipOf(act, after[n] ?? 0));
  const used = seen.filter((_, n) => after[n] !== null);
  expect(raised(used, [...slips].reverse())).toEqual(flags);
});

test('a run is of one terminal', () => {
  const seen = acts(4, (n) => ({ terminal: `t${n % 2}` }));
  expect(
    raised(
      seen,
      seen.map((act) => slipOf(act, 1_000)),
    ),
  ).toEqual([]);
});

test('the evidence names the acts, as many as fit; it fits the entry, and so does the subject', () => {
  const [flag] = flagsOf(
    acts(500, () => ({ block: 'one', window: '一二三四五六七八九十一二三四五六七八九十' })),
    [],
    DAY,
  );
  expect(flag?.evidence).toMatch(/^500 services within 499 min: rating-0000 .* rating-0011 and 488 more$/);
  expect(flag?.evidence.length).toBeLessThanOrEqual(600);
  expect(flag?.subject).toContain(DAY);
  expect(flag?.subject.length).toBeLessThanOrEqual(80);
});

test('two hands at one window on one day are two flags', () => {
  const seen = acts(8, (n) => ({ device: n % 2 === 0 ? 'one' : 'two' }));
  const flags = flagsOf(seen, [], DAY);
  expect(new Set(flags.map(({ subject }) => subject)).size).toBe(2);
  expect(Math.min(...Object.values(LIMITS))).toBeGreaterThanOrEqual(3);
});
