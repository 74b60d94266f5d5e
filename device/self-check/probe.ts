/** The port of whatever looks at one part of the terminal by itself, with nobody's help. */
import type { Finding, ItemName, ItemResult } from '../core/self-check-items.js';

/** Contract: `run` blocks nothing (a press may come at any moment), and answers for each of its items, once. */
export interface Probe {
  readonly items: readonly ItemName[];
  /** `staffNo`: who checks. A rejection counts as no answer. */
  run(staffNo: string | null): Promise<readonly Finding[]>;
}

export function finding(item: ItemName, result: ItemResult, code?: string): Finding {
  return { item, result, ...(code === undefined ? {} : { code }) };
}

/** There is no such thing at this terminal. */
export function absent(item: ItemName): Finding {
  return { item, result: 'skipped' };
}
