/** A class of faults that lets its break pass could not find anything. */
import { expect, it } from 'vitest';
import type { Break } from './breaks/break.js';
import { BREAKS } from './breaks/breaks.js';
import { planOf } from './plan.js';
import { runClass, UNSERVED, type ClassResult } from './run-class.js';

const TIMEOUT_MS = 240_000;
/** A third of the faults is often enough; what they do not show, all of them must. Two are as quick as one and two. */
const FEW = 3;
const TOO_FEW_TO_DIVIDE = 2;

const ALL = process.env['PJQ_EVERY_BREAK'] === '1';

it.each(BREAKS.filter(({ byHand }) => ALL || byHand === undefined).map((one) => [one.name, one] as const))(
  '%s',
  async (_name, broken, context: { skip?: (note: string) => void } = {}) => {
    const first = broken.faults <= TOO_FEW_TO_DIVIDE ? broken.faults : Math.ceil(broken.faults / FEW);
    const few = await run(broken, first);
    if (few.skipped !== undefined) return context.skip?.(few.skipped);
    if (found(few).length > 0) return;
    expect(found(await run(broken, broken.faults))).not.toEqual([]);
  },
  TIMEOUT_MS,
);

function run(broken: Break, faults: number): Promise<ClassResult> {
  const [planned] = planOf([broken.caughtBy]);
  if (planned === undefined) throw new Error(`no class ${broken.caughtBy}`);
  return runClass(planned.fault, { seed: 'broken', faults, broken });
}

/** A class in which nobody was served has found nothing. */
function found({ breaches }: ClassResult): string[] {
  return breaches.filter((breach) => breach !== UNSERVED);
}
