/**
 * Whether something that was seen is as expected. A plain value is matched by an equal one, a map by one that has at
 * least its fields, so `parts: { printer: lost }` and `parts.printer: lost` say the same. Conditions:
 * `{ not: x }`, `{ atLeast: 1 }`, `{ atMost: 3 }`, `{ oneOf: [a, b] }`, `{ contains: x }` (a text, or some element of a list).
 */

/** What was expected and not seen; `exists` is false where nothing of that name was seen at all. */
export interface Mismatch {
  readonly path: string;
  readonly seen: unknown;
  readonly exists: boolean;
}

type Condition = (seen: unknown, expected: unknown) => boolean;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  not: (seen, expected) => mismatches(seen, expected).length > 0,
  atLeast: (seen, expected) => typeof seen === 'number' && typeof expected === 'number' && seen >= expected,
  atMost: (seen, expected) => typeof seen === 'number' && typeof expected === 'number' && seen <= expected,
  oneOf: (seen, expected) => Array.isArray(expected) && expected.some((one) => mismatches(seen, one).length === 0),
  contains: (seen, expected) =>
    typeof seen === 'string' && typeof expected === 'string'
      ? seen.includes(expected)
      : Array.isArray(seen) && seen.some((one) => mismatches(one, expected).length === 0),
};

/** Each with its path; empty when all is as expected. */
export function mismatches(seen: unknown, expected: unknown, path = ''): Mismatch[] {
  const missing = seen === undefined ? [{ path, seen, exists: false }] : undefined;
  if (isMap(expected)) {
    const entries = Object.entries(expected);
    if (entries.length > 0 && entries.every(([key]) => key in CONDITIONS)) {
      if (missing !== undefined) return missing;
      const met = entries.every(([key, value]) => CONDITIONS[key]?.(seen, value));
      return met ? [] : [{ path, seen, exists: true }];
    }
    return entries.flatMap(([key, value]) => {
      const steps = key.split('.');
      return mismatches(at(seen, steps), value, [...(path === '' ? [] : [path]), ...steps].join('.'));
    });
  }
  if (missing !== undefined) return missing;
  const same = Array.isArray(expected) ? sameList(seen, expected) : seen === expected;
  return same ? [] : [{ path, seen, exists: true }];
}

/** Lists match element by element. */
function sameList(seen: unknown, expected: readonly unknown[]): boolean {
  return (
    Array.isArray(seen) &&
    seen.length === expected.length &&
    expected.every((one, index) => mismatches(seen[index], one).length === 0)
  );
}

function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((inside, step) => {
    if (Array.isArray(inside)) return inside[Number(step)] as unknown;
    return isMap(inside) ? inside[step] : undefined;
  }, value);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
