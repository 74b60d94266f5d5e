/** Choices that a seed makes: the same seed, the same choices in the same order, on every machine. */

export interface SeededChoice {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** @throws RangeError for an empty list. */
  of<T>(list: readonly T[]): T;
}

/** Mulberry32: 32 bits of state, whole-number arithmetic only, so that no machine rounds otherwise. */
export function seededChoice(seed: number): SeededChoice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const between = (least: number, most: number) => least + (next() % (most - least + 1));
  return {
    between,
    of: (list) => {
      if (list.length === 0) throw new RangeError('nothing to choose from');
      return list[between(0, list.length - 1)] as (typeof list)[number];
    },
  };
}
