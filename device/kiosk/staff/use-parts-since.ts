/** Since when each part is as it is, as far as this page saw it change. */
import { useRef } from 'preact/hooks';
import type { PartShown } from './part-states.js';

/** @returns ms since 1970 by part; none for what was so when the page came. */
export function usePartsSince(parts: readonly PartShown[]): ReadonlyMap<string, number> {
  const seen = useRef(new Map<string, string>()).current;
  const since = useRef(new Map<string, number>()).current;
  for (const { part, state } of parts) {
    if (seen.has(part) && seen.get(part) !== state) since.set(part, Date.now());
    seen.set(part, state);
  }
  return since;
}
