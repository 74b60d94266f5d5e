/** A class of faults that lets its break pass could not find anything. */
import { expect, it } from 'vitest';
import { BREAKS } from './breaks/breaks.js';
import { planOf } from './plan.js';
import { runClass } from './run-class.js';

const TIMEOUT_MS = 240_000;

const ALL = process.env['PJQ_EVERY_BREAK'] === '1';

it.each(BREAKS.filter(({ byHand }) => ALL || byHand === undefined).map((one) => [one.name, one] as const))(
  '%s',
  async (_name, broken, context: { skip?: (note: string) => void } = {}) => {
    const [planned] = planOf([broken.caughtBy]);
    if (planned === undefined) throw new Error(`no class ${broken.caughtBy}`);
    const result = await runClass(planned.fault, { seed: 'broken', faults: broken.faults, broken });
    if (result.skipped !== undefined) return context.skip?.(result.skipped);
    expect(result.breaches).not.toEqual([]);
  },
  TIMEOUT_MS,
);
