/** Choices that a seed makes: the same seed, the same choices in the same order, on every machine. */
import { mulberry32 } from '../process/mulberry32.js';

export interface SeededChoice {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** @throws RangeError for an empty list. */
  of<T>(list: readonly T[]): T;
}

export function seededChoice(seed: number): SeededChoice {
  const next = mulberry32(seed);
  const between = (least: number, most: number) => least + (next() % (most - least + 1));
  return {
    between,
    of: (list) => {
      if (list.length === 0) throw new RangeError('nothing to choose from');
      return list[between(0, list.length - 1)] as (typeof list)[number];
    },
  };
}
