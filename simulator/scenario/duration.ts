/** Durations as a scenario writes them: `500ms`, `2s`, `1.5s`, `1m`; a bare number is ms. */
import { z } from 'zod';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
const MOST_MS = 600_000;
const FORM = 'must be a duration such as 500ms, 2s or 1m, at most 10m';

/** @returns ms; `undefined` when it is none. */
function durationMs(value: unknown): number | undefined {
  const [, digits, unit = 'ms'] =
    typeof value === 'number'
      ? ['', String(value)]
      : ((typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(value) : null) ?? []);
  if (digits === undefined) return undefined;
  const ms = Math.round(Number(digits) * (UNITS_MS[unit] ?? Number.NaN));
  return ms >= 0 && ms <= MOST_MS ? ms : undefined;
}

/** In ms once it is read. */
export const durationSchema = z.unknown().transform((value, context): number => {
  const ms = durationMs(value);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: FORM });
  return z.NEVER;
});

/** A duration, or two between which the seed chooses; ms. */
export interface OpenDuration {
  readonly leastMs: number;
  readonly mostMs: number;
}

export const openDurationSchema = z.unknown().transform((value, context): OpenDuration => {
  const [least, most] = isBetween(value) ? value.between.map(durationMs) : [durationMs(value), durationMs(value)];
  if (least !== undefined && most !== undefined && least <= most) return { leastMs: least, mostMs: most };
  context.addIssue({ code: 'custom', message: `${FORM}, or { between: [from, to] } with the shorter one first` });
  return z.NEVER;
});

function isBetween(value: unknown): value is { between: unknown[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).join() === 'between' &&
    'between' in value &&
    Array.isArray(value.between) &&
    value.between.length === 2
  );
}

/** As people read it: `350 ms`, `5 s`. */
export function durationText(ms: number): string {
  return ms >= 1_000 ? `${Math.round(ms) / 1_000} s` : `${Math.round(ms)} ms`;
}
