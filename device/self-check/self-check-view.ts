/** What the pages and the hall are shown of the self-check. */
import { hallDayStartMs, type HealthMessage, type SelfCheckItem } from '../../protocol/index.js';
import { checkRemainingMs } from '../core/self-check.js';
import { SELF_CHECK_ITEMS, targetOf, type CheckStepName, type Finding } from '../core/self-check-items.js';
import type { Checking, CheckState } from '../core/self-check-state.js';
import type { RecordedCheck } from '../log/self-check-projection.js';

export interface SelfCheckView {
  /** The newest of this day of the hall; `missing` since the day began. */
  readonly last: {
    readonly result: 'pass' | 'limited' | 'fail' | 'skipped' | 'missing';
    /** ms since 1970. */
    readonly since: number;
    readonly staffNo: string | null;
    readonly reason: string | null;
    /** Those that did not pass. */
    readonly items: readonly SelfCheckItem[];
  };
  readonly running: {
    readonly id: string;
    readonly startedAt: number;
    /** Of 90 s, in whole seconds, ms. */
    readonly remainingMs: number;
    readonly step: {
      readonly name: CheckStepName;
      readonly attempt: number;
      readonly ask: 'press' | 'look' | 'listen' | 'touch' | 'scan' | 'wait';
      readonly target: string | null;
    } | null;
    readonly done: readonly Finding[];
    readonly total: number;
  } | null;
}

export interface KioskSelfCheck {
  readonly step: CheckStepName;
  readonly target: string | null;
}

const ASKS = {
  automatic: 'wait',
  keys: 'press',
  lamps: 'look',
  touch: 'touch',
  screen: 'look',
  sound: 'listen',
  printer: 'scan',
} as const;

/** @param newest of whatever day. A check that is not of this day of the hall does not count today. */
export function lastCheck(newest: RecordedCheck | null, wallMs: number, timeZone: string): SelfCheckView['last'] {
  const today = hallDayStartMs(wallMs, timeZone);
  if (newest === null || hallDayStartMs(newest.atMs, timeZone) !== today)
    return { result: 'missing', since: today, staffNo: null, reason: null, items: [] };
  const { result, staffNo = null, reason = null, items } = newest.body;
  return { result, since: newest.atMs, staffNo, reason, items: items.filter((item) => item.result !== 'pass') };
}

export function runningCheck(state: CheckState, monoMs: number): SelfCheckView['running'] {
  if (state.name === 'resting') return null;
  const { id, startedAtMs, step, attempt, done } = state;
  return {
    id,
    startedAt: startedAtMs,
    remainingMs: Math.ceil(checkRemainingMs(state, monoMs) / 1_000) * 1_000,
    step: { name: step, attempt, ask: ASKS[step], target: targetNow(state) },
    done,
    total: SELF_CHECK_ITEMS.length,
  };
}

export function kioskCheck(state: CheckState): KioskSelfCheck | null {
  return state.name === 'resting' ? null : { step: state.step, target: targetNow(state) };
}

export function healthCheck({ result, since }: SelfCheckView['last']): NonNullable<HealthMessage['selfCheck']> {
  return { result, since };
}

function targetNow({ step, left }: Checking): string | null {
  const [item] = left;
  return step === 'automatic' || item === undefined ? null : targetOf(step, item);
}
