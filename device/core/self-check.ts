/**
 * The daily self-check as a state machine: guided, in 90 s at most, and never in the way. It is no state of the
 * session; the shell breaks it off the moment a service opens.
 */
import type { EntryBody, ErrorCode } from '../../protocol/index.js';
import { asking, CHECK_MS, DENIED, foregone, PATIENCE_MS, SILENCE, slipCode } from './self-check-asking.js';
import {
  CHECK_STEPS,
  checkResult,
  itemsOf,
  SELF_CHECK_ITEMS,
  targetOf,
  type CheckStepName,
  type Finding,
  type ItemName,
} from './self-check-items.js';
import type { CheckEffect, Checking, CheckInput, CheckState, CheckStep } from './self-check-state.js';
import type { Now } from './session-state.js';

export const RESTING: CheckState = { name: 'resting' };

/** What an input does. Time decides first: what is over by now is over, whether or not the timer was heard. */
export function transitionCheck(state: CheckState, input: CheckInput): CheckStep {
  if (state.name === 'resting') return rest(input);
  if (input.type === 'start') return stay(state, answer('selfcheck-running'));
  if (input.type === 'breakOff') return joined(finished(state, { reason: input.reason }), answer(null));
  if (input.now.monoMs < state.deadlineMonoMs) return take(state, input);
  const passed = timeOver(state, input.now);
  if (input.type === 'time') return passed;
  const next = transitionCheck(passed.state, input);
  return { state: next.state, effects: [...passed.effects, ...next.effects] };
}

/** How long the check may still go on, ms. */
export function checkRemainingMs({ endMonoMs }: Checking, monoMs: number): number {
  return Math.max(0, endMonoMs - monoMs);
}

/** What a skipped check leaves in the log. `reason` is the staff's own word. */
export function skippedCheck(id: string, staffNo: string | null, startedAt: number, reason: string) {
  const body: EntryBody<'selfcheck'> = { id, result: 'skipped', reason, startedAt, items: [] };
  return staffNo === null ? body : { ...body, staffNo };
}

function rest(input: CheckInput): CheckStep {
  switch (input.type) {
    case 'start': {
      const { id, staffNo, equipment, now } = input;
      const checking: Checking = {
        name: 'checking',
        id,
        staffNo,
        startedAtMs: now.wallMs,
        endMonoMs: now.monoMs + CHECK_MS,
        equipment,
        step: 'automatic',
        turn: 0,
        attempt: 1,
        left: [],
        deadlineMonoMs: 0,
        done: [],
      };
      return joined(begin(checking, 'automatic', 1, now), answer(null));
    }
    case 'touch':
    case 'answer':
    case 'again':
    case 'breakOff':
      return stay(RESTING, answer('selfcheck-absent'));
    case 'found':
    case 'key':
    case 'chord':
    case 'played':
    case 'printed':
    case 'time':
      return stay(RESTING);
  }
}

function take(state: Checking, input: Exclude<CheckInput, { type: 'start' | 'breakOff' }>): CheckStep {
  const [asked] = state.left;
  const { now } = input;
  switch (input.type) {
    case 'found':
      return input.turn === state.turn && state.step === 'automatic' ? settle(state, input.findings, now) : stay(state);
    case 'key': {
      const ours = input.via === 'key' ? state.equipment.board : state.equipment.keypad;
      if (state.step !== 'keys' || asked === undefined || !ours) return stay(state);
      return settle(state, [asked === `key-${input.level}` ? passed(asked) : failed(asked, 'key-crossed')], now);
    }
    case 'chord':
      return state.step === 'keys' && asked !== undefined
        ? settle(state, [failed(asked, 'key-crossed')], now)
        : stay(state);
    case 'touch':
      if (state.step !== 'touch' || asked === undefined || input.target !== asked)
        return stay(state, answer('selfcheck-step'));
      return joined(settle(state, [passed(asked)], now), answer(null));
    case 'answer':
      return answered(state, asked, input);
    case 'again': {
      const step = input.step ?? state.step;
      if (CHECK_STEPS.indexOf(step) > CHECK_STEPS.indexOf(state.step)) return stay(state, answer('selfcheck-step'));
      return joined(begin(state, step, step === state.step ? state.attempt + 1 : 1, now), answer(null));
    }
    case 'played':
      return failing(state, input, 'sound', 'sound-failed');
    case 'printed':
      return failing(state, input, 'printer', 'slip-not-printed');
    case 'time':
      return stay(state, { type: 'deadline', atMonoMs: state.deadlineMonoMs });
  }
}

/** A clerk's answer: keys and points prove themselves, so of them it can only be said that they do nothing. */
function answered(state: Checking, asked: ItemName | undefined, input: CheckInput & { type: 'answer' }): CheckStep {
  const { step, id } = state;
  const { ok, scanned, now } = input;
  const provesItself = step === 'automatic' || ((step === 'keys' || step === 'touch') && ok);
  if (asked === undefined || input.step !== step || input.target !== targetOf(step, asked) || provesItself)
    return stay(state, answer('selfcheck-step'));
  const misread = step === 'printer' && scanned !== undefined && scanned.trim() !== slipCode(id);
  const read = ok || (scanned !== undefined && !misread);
  const finding = misread ? failed(asked, 'slip-misread') : read ? passed(asked) : failed(asked, DENIED[step]);
  return joined(settle(state, [finding], now), answer(null));
}

/** The player or the printer answers: that it worked proves nothing yet (the clerk says so), that it did not is enough. */
function failing(
  state: Checking,
  { turn, ok, now }: CheckInput & { type: 'played' | 'printed' },
  step: CheckStepName,
  code: string,
): CheckStep {
  const [asked] = state.left;
  if (state.step !== step || turn !== state.turn || ok || asked === undefined) return stay(state);
  return settle(state, [failed(asked, code)], now);
}

/** A step begins, from its first item; what was found of it and of later ones is forgotten. */
function begin(state: Checking, step: CheckStepName, attempt: number, now: Now): CheckStep {
  const later = new Set<string>(CHECK_STEPS.slice(CHECK_STEPS.indexOf(step)));
  const done = state.done.filter(({ item }) => !later.has(stepOf(item)));
  const known = foregone(step, state.equipment, done);
  const effects: readonly CheckEffect[] = state.step === 'lamps' ? [{ type: 'lamps', signal: null }] : [];
  const begun: Checking = { ...state, step, attempt, turn: state.turn + 1, left: itemsOf(step), done };
  if (known !== null) return joined(settle(begun, known, now), ...effects);
  const waiting = { ...begun, deadlineMonoMs: patience(begun, now) };
  return { state: waiting, effects: [...effects, ...asking(waiting)] };
}

/** Findings of this step are in; the next item is asked, or the next step begins, or the check is over. */
function settle(state: Checking, findings: readonly Finding[], now: Now): CheckStep {
  const ours = findings.filter(({ item }) => state.left.includes(item));
  const left = state.left.filter((item) => !ours.some((finding) => finding.item === item));
  const next: Checking = { ...state, left, done: [...state.done, ...ours] };
  if (left.length > 0) {
    // The probes run side by side and share one patience.
    if (state.step === 'automatic') return stay(next);
    const waiting = { ...next, deadlineMonoMs: patience(next, now) };
    return { state: waiting, effects: asking(waiting) };
  }
  const following = CHECK_STEPS[CHECK_STEPS.indexOf(state.step) + 1];
  return following === undefined ? finished(next, {}) : begin(next, following, 1, now);
}

function timeOver(state: Checking, now: Now): CheckStep {
  // The machine's own probes come in together, so they are also given up together.
  const over = state.step === 'automatic' ? state.left : state.left.slice(0, 1);
  if (now.monoMs < state.endMonoMs)
    return settle(
      state,
      over.map((item) => silent(state.step, item)),
      now,
    );
  const known = new Set<string>(state.done.map(({ item }) => item));
  const unanswered = CHECK_STEPS.flatMap((step) => {
    const missing = itemsOf(step).filter((item) => !known.has(item));
    if (step === state.step) return missing.map((item) => unansweredItem(item));
    return foregone(step, state.equipment, state.done) ?? missing.map((item) => unansweredItem(item));
  }).filter(({ item }) => !known.has(item));
  return finished({ ...state, done: [...state.done, ...unanswered] }, {});
}

function finished(state: Checking, { reason }: { readonly reason?: string }): CheckStep {
  const { id, staffNo, startedAtMs, done } = state;
  const order: readonly string[] = SELF_CHECK_ITEMS.map(({ item }) => item);
  const body = {
    id,
    ...(staffNo === null ? {} : { staffNo }),
    result: reason === undefined ? checkResult(done) : ('skipped' as const),
    ...(reason === undefined ? {} : { reason }),
    startedAt: startedAtMs,
    items: done.toSorted((a, b) => order.indexOf(a.item) - order.indexOf(b.item)).map((finding) => ({ ...finding })),
  };
  return stay(RESTING, { type: 'lamps', signal: null }, { type: 'deadline', atMonoMs: null }, { type: 'record', body });
}

function patience({ step, endMonoMs }: Checking, { monoMs }: Now): number {
  return Math.min(endMonoMs, monoMs + PATIENCE_MS[step]);
}

function stepOf(item: ItemName): CheckStepName {
  return SELF_CHECK_ITEMS.find((row) => row.item === item)?.step ?? 'automatic';
}

function passed(item: ItemName): Finding {
  return { item, result: 'pass' };
}

function failed(item: ItemName, code: string): Finding {
  return { item, result: 'fail', code };
}

function silent(step: CheckStepName, item: ItemName): Finding {
  return failed(item, SILENCE[step] ?? `${item}-unanswered`);
}

function unansweredItem(item: ItemName): Finding {
  return failed(item, `${item}-unanswered`);
}

function answer(code: ErrorCode | null): CheckEffect {
  return { type: 'answer', code };
}

function stay(state: CheckState, ...effects: readonly CheckEffect[]): CheckStep {
  return { state, effects };
}

function joined(step: CheckStep, ...effects: readonly CheckEffect[]): CheckStep {
  return { state: step.state, effects: [...step.effects, ...effects] };
}
