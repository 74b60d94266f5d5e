/** Every class, and how many faults of it a set has. */
import type { FaultClass } from './fault-class.js';

export interface Planned {
  readonly fault: FaultClass;
  /** In `npm test`. */
  readonly short: number;
  /** In the long set. */
  readonly long: number;
}

export const PLAN: readonly Planned[] = [];

/** @throws when there is no class of such a name. */
export function planOf(names: readonly string[] | undefined): readonly Planned[] {
  if (names === undefined) return PLAN;
  return names.map((wanted) => {
    const planned = PLAN.find(({ fault }) => fault.name === wanted);
    if (planned === undefined) throw new Error(`no class ${wanted}: see --list`);
    return planned;
  });
}
