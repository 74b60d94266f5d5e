import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs, retryDelays, retryPolicySchema, type RetryPolicy } from '../../protocol/index.js';
import { DEFAULT_RETRY } from '../../protocol/runtime/config-parts.js';

const policy: fc.Arbitrary<RetryPolicy> = fc.record({
  initialMs: fc.integer({ min: 10, max: 3_600_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  capMs: fc.integer({ min: 10, max: 86_400_000 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});
const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function take(count: number, delays: Generator<number, never>): number[] {
  return Array.from({ length: count }, () => delays.next().value);
}

test('without jitter: the first wait, then each times the factor, up to the cap', () => {
  const plain = { initialMs: 200, factor: 2, capMs: 3_000, jitter: 0 };
  expect(
    take(
      7,
      retryDelays(plain, () => 0.9),
    ),
  ).toEqual([200, 400, 800, 1_600, 3_000, 3_000, 3_000]);
});

test('jitter only shortens a wait, by its share at most, and uses the randomness that it is given', () => {
  const policyOf = (jitter: number) => ({ initialMs: 1_000, factor: 2, capMs: 60_000, jitter });
  expect(retryDelayMs(policyOf(0.3), 1, () => 0)).toBe(1_000);
  expect(retryDelayMs(policyOf(0.3), 1, () => 0.5)).toBe(850);
  const drawn = [0, 0.5, 0.999];
  expect(
    take(
      3,
      retryDelays(policyOf(0.3), () => drawn.shift() as number),
    ),
  ).toEqual([1_000, 1_700, 2_801]);
});

test('every wait of every schedule is a whole number within its bounds, for any number of tries', () => {
  fc.assert(
    fc.property(policy, uniform, fc.integer({ min: 1, max: 1_000_000 }), (schedule, random, attempt) => {
      const wait = retryDelayMs(schedule, attempt, () => random);
      const longest = Math.min(schedule.capMs, schedule.initialMs * schedule.factor ** (attempt - 1));
      expect(Number.isInteger(wait)).toBe(true);
      expect(wait).toBeLessThanOrEqual(Math.round(longest));
      expect(wait).toBeGreaterThanOrEqual(Math.floor(longest * (1 - schedule.jitter)));
      expect(retryDelayMs(schedule, attempt + 1, () => random)).toBeGreaterThanOrEqual(wait);
    }),
    { numRuns: 1_000 },
  );
});

test('the default is a schedule, and what would be none is refused', () => {
  expect(retryPolicySchema.parse(DEFAULT_RETRY)).toEqual(DEFAULT_RETRY);
  for (const wrong of [{ initialMs: 0 }, { factor: 0.5 }, { capMs: 1 }, { jitter: 1.1 }, { tries: 3 }]) {
    expect(retryPolicySchema.safeParse({ ...DEFAULT_RETRY, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
  }
});
