import { describe, expect, it } from 'vitest';
import { areReasonsOf, LEVELS, REASONS, reasonsOf } from '../../protocol/index.js';

/** From the published interface: level → first and last code of its active reasons. */
const ACTIVE: readonly (readonly [level: number, first: number, last: number])[] = [
  [5, 510, 517],
  [4, 406, 413],
  [3, 307, 314],
  [2, 207, 214],
  [1, 108, 115],
];

describe('the reasons', () => {
  it.each(ACTIVE)('of level %i are the eight from %i to %i, in their order', (level, first, last) => {
    const codes = reasonsOf(level).map(({ code }) => Number(code));
    expect(codes).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
    expect(codes).toHaveLength(8);
  });

  it('are forty, each once, each with both languages', () => {
    expect(new Set(REASONS.map(({ code }) => code)).size).toBe(40);
    expect(REASONS.filter(({ zh, en }) => zh.length < 3 || en.length < 5)).toEqual([]);
    expect(new Set(REASONS.map(({ zh }) => zh)).size).toBe(40);
  });

  it('of one level do not pass for another, nor twice', () => {
    for (const level of LEVELS) {
      const own = reasonsOf(level).map(({ code }) => code);
      expect(areReasonsOf(level, own)).toBe(true);
      expect(areReasonsOf(level, [])).toBe(true);
      expect(areReasonsOf(level, [own[0] as string, own[0] as string])).toBe(false);
      for (const other of LEVELS) if (other !== level) expect(areReasonsOf(other, own)).toBe(false);
    }
    expect(areReasonsOf(5, ['501'])).toBe(false);
  });
});
