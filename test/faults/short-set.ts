/** The short set as tests: a class each, judged as in the long one. */
import { expect, it } from 'vitest';
import { planOf } from './plan.js';
import { runClass } from './run-class.js';

/** Long enough for a loaded machine; a class takes 2 to 30 s on a quiet one. */
const TIMEOUT_MS = 240_000;

export function shortSet(names: readonly string[]): void {
  it.each(
    planOf(names)
      .filter(({ short }) => short > 0)
      .map((planned) => [planned.fault.name, planned] as const),
  )(
    '%s',
    async (_name, { fault, short }) => {
      const result = await runClass(fault, { seed: 'short', faults: short });
      if (result.skipped !== undefined) console.warn(`${fault.name} was not run: ${result.skipped}`);
      expect(result.breaches).toEqual([]);
    },
    TIMEOUT_MS,
  );
}
