/** How a session closes: the entries that say so, and where the counter goes on. */
import type { ReceiptOccasion, SessionEnd, TerminalPolicy } from '../../protocol/index.js';
import type { Draft, Effect } from './session-effect.js';
import type { InputMap, InputType } from './session-input.js';
import { onDuty, type Ended, type InSession, type Now, type StateMap } from './session-state.js';
import { enter, type Step } from './session-step.js';

/**
 * The closing entry. A press stands whatever ends the session; without one the end is `unrated`, never a
 * rating by default, and the right to rate goes on (design: no automatic 好评).
 */
export function closingEntry(state: InSession, cause: SessionEnd): Draft {
  const { serviceId } = state.service;
  if (state.name === 'invited') return { kind: 'unrated', body: { serviceId, cause } };
  const { press, reasons, marks } = state;
  return {
    kind: 'rating',
    body: {
      id: press.id,
      serviceId,
      level: press.level,
      cause,
      ...(reasons.length === 0 ? {} : { reasons: [...reasons] }),
      ...(marks.length === 0 ? {} : { marks: [...marks] }),
    },
  };
}

/**
 * The closing entry and, where the policy has it so, the slip: the citizen who leaves unrated may rate by phone.
 * None after a restart: nobody knows how long the citizen has been gone.
 */
export function closingEntries(state: InSession, cause: SessionEnd, policy: TerminalPolicy): readonly Draft[] {
  const { onLater, onUnrated } = policy.receipt;
  const wanted = state.name === 'invited' && cause !== 'restart' && (cause === 'later' ? onLater : onUnrated);
  const slip = wanted && !state.slip ? [slipOf(state.service.serviceId, cause === 'later' ? 'later' : 'unrated')] : [];
  return [closingEntry(state, cause), ...slip];
}

/** The first slip of a service, committed before it prints. */
export function slipOf(serviceId: string, occasion: ReceiptOccasion): Draft {
  return { kind: 'receipt', body: { serviceId, copy: 1, occasion, state: 'queued' } };
}

/** The state after it: a pause that was asked for meanwhile begins now. */
export function afterClosing(state: InSession, cause: SessionEnd, now: Now): StateMap['idle' | 'paused'] {
  const { pauseAfter } = state;
  const staffNo = onDuty(state);
  const how = state.name === 'pressed' ? 'rated' : cause === 'later' ? 'later' : 'unrated';
  const ended: Ended = { service: state.service, how, atMonoMs: now.monoMs };
  return pauseAfter === null
    ? { name: 'idle', staffNo, ended }
    : { name: 'paused', staffNo, reason: pauseAfter, ended };
}

export const close = (
  state: InSession,
  input: InputMap[InputType],
  cause: SessionEnd,
  policy: TerminalPolicy,
  ...effects: readonly Effect[]
): Step => enter(afterClosing(state, cause, input.now), closingEntries(state, cause, policy), ...effects);
