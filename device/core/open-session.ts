/** What happens while a service is open: the invitation, the press and its change of mind, what more is said, the end. */
import type { TerminalPolicy } from '../../protocol/index.js';
import { markThing } from './say-more.js';
import { close, closingEntries, slipOf } from './session-close.js';
import { notice, ok, refused, type Draft, type Effect } from './session-effect.js';
import type { InputMap } from './session-input.js';
import { onDuty, type InSession, type SessionState, type StateMap } from './session-state.js';
import { agreed, enter, fail, stay, unmoved, type Step } from './session-step.js';

export const opened = (
  staffNo: string,
  input: InputMap['open'],
  policy: TerminalPolicy,
  before: readonly Draft[],
): Step => {
  const { service, origin, window, policyId, asked, now } = input;
  const entry: Draft = {
    kind: 'service.opened',
    body: { ...service, origin, ...(window === undefined ? {} : { window }), staffNo, policy: policyId },
  };
  return enter(
    {
      name: 'invited',
      staffNo,
      relief: null,
      service,
      asked,
      openedMonoMs: now.monoMs,
      deadlineMonoMs: now.monoMs + policy.invitationMs,
      pauseAfter: null,
      slip: policy.receipt.onOpen,
    },
    [...before, entry, ...(policy.receipt.onOpen ? [slipOf(service.serviceId, 'opened')] : [])],
    ok(),
  );
};

/** The service is not the open one. */
export const absent = (state: SessionState, input: InputMap['cancel' | 'invite']): Step =>
  stay(state, refused(input.standing === 'ended' ? 'service-over' : 'session-absent'));

export const idleFor = (staffNo: string): StateMap['idle'] => ({ name: 'idle', staffNo, ended: null });

/** Another member of staff takes over, or nobody does. `before`: what has to be closed first. */
export const relieved = (staffNo: string, before: readonly Draft[], next: string | null): Step => {
  const off: Draft = { kind: 'duty.off', body: { staffNo } };
  if (next === null) return enter({ name: 'offDuty' }, [...before, off], ok());
  return enter(idleFor(next), [...before, off, { kind: 'duty.on', body: { staffNo: next } }], ok());
};

const openInSession = (state: InSession, input: InputMap['open'], policy: TerminalPolicy): Step => {
  const { service } = state;
  if (input.service.serviceId === service.serviceId) {
    const same = input.service.caseNo === service.caseNo && input.service.stage === service.stage;
    return stay(state, same ? ok() : refused('service-exists'));
  }
  if (input.standing === 'ended') return stay(state, refused('service-over'));
  // The pause begins when this session closes, so there is no next service to close it; the citizen keeps their time.
  if (state.pauseAfter !== null) return stay(state, refused('terminal-paused'));
  return opened(onDuty(state), input, policy, closingEntries(state, 'next-service', policy));
};

const pressInSession = (state: InSession, input: InputMap['press'], policy: TerminalPolicy): Step => {
  const { now, id, level, via } = input;
  // A key that went down before this service was opened was meant for another, or for none.
  if (now.monoMs < state.openedMonoMs) return stay(state, notice('nothing-open'), refused('session-absent'));
  if (state.name === 'pressed' && state.marking !== null) return markThing(state, state.marking, input, policy);
  // Counted from the first press and never moved by another: the length of the session tells nothing (I6).
  const changeUntilMonoMs = state.name === 'pressed' ? state.changeUntilMonoMs : now.monoMs + policy.changeOfMindMs;
  // The session is open for its reasons only; the rating is what it is.
  if (state.name === 'pressed' && now.monoMs >= changeUntilMonoMs)
    return stay(state, notice('rating-stands'), refused('rating-stands'));
  const deadlineMonoMs = changeUntilMonoMs;
  const { staffNo, relief, service, asked, openedMonoMs, pauseAfter, slip } = state;
  return {
    state: {
      name: 'pressed',
      staffNo,
      relief,
      service,
      asked,
      openedMonoMs,
      deadlineMonoMs,
      pauseAfter,
      slip,
      press: { id, level },
      changeUntilMonoMs,
      // Reasons are of a level: those of the press before do not count for this one.
      reasons: [],
      list: asked.list.id,
      reasonsOpen: false,
      marks: [],
      marking: null,
    },
    effects: [
      { type: 'append', drafts: [{ kind: 'press', body: { id, serviceId: service.serviceId, level, via } }] },
      { type: 'accepted' },
      { type: 'deadline', atMonoMs: deadlineMonoMs },
      ok(),
    ],
  };
};

/** Somebody is there, so the invitation begins anew; it never gets shorter. */
export const extend = (
  state: StateMap['invited'],
  input: InputMap['touch' | 'chord' | 'invite'],
  policy: TerminalPolicy,
  ...effects: readonly Effect[]
): Step => {
  const deadlineMonoMs = Math.max(state.deadlineMonoMs, input.now.monoMs + policy.invitationMs);
  return stay({ ...state, deadlineMonoMs }, { type: 'deadline', atMonoMs: deadlineMonoMs }, ...effects);
};

const timeInSession = (state: InSession, input: InputMap['time'], policy: TerminalPolicy): Step =>
  input.now.monoMs < state.deadlineMonoMs
    ? stay(state, { type: 'deadline', atMonoMs: state.deadlineMonoMs })
    : close(state, input, 'time-over', policy);

const cancelInSession = (state: InSession, input: InputMap['cancel'], policy: TerminalPolicy): Step =>
  input.serviceId === state.service.serviceId ? close(state, input, 'cancelled', policy, ok()) : absent(state, input);

/** The same answer whether or not there is a press already: staff learn nothing of it (I6). */
const inviteInSession = (state: InSession, input: InputMap['invite'], policy: TerminalPolicy): Step => {
  if (input.serviceId !== state.service.serviceId) return absent(state, input);
  return state.name === 'invited' ? extend(state, input, policy, ok()) : agreed(state);
};

/** What closes a session and undoes a pause that it held back, before duty ends. */
const endOfDuty = (state: InSession, policy: TerminalPolicy): readonly Draft[] => [
  ...closingEntries(state, 'off-duty', policy),
  ...(state.pauseAfter === null ? [] : [{ kind: 'resume', body: {} } as const]),
];

/**
 * The shift changes in the middle of a service: the citizen keeps their session, and it stays the service of who
 * opened it. A pause that the one before wished for is not the next one's.
 */
const dutyOnInSession = (state: InSession, input: InputMap['dutyOn']): Step => {
  const { staffNo } = input;
  if (staffNo === onDuty(state)) return agreed(state);
  const drafts: readonly Draft[] = [
    ...(state.pauseAfter === null ? [] : [{ kind: 'resume', body: {} } as const]),
    { kind: 'duty.off', body: { staffNo: onDuty(state) } },
    { kind: 'duty.on', body: { staffNo } },
  ];
  const relief = staffNo === state.staffNo ? null : staffNo;
  return { state: { ...state, relief, pauseAfter: null }, effects: [{ type: 'append', drafts }, ok()] };
};

/** Recorded and answered now, in force when the session closes: a pause does not take an invitation back. */
const pauseInSession = (state: InSession, input: InputMap['pause']): Step =>
  state.pauseAfter === input.reason
    ? agreed(state)
    : {
        state: { ...state, pauseAfter: input.reason },
        effects: [{ type: 'append', drafts: [{ kind: 'pause', body: { reason: input.reason } }] }, ok()],
      };

const resumeInSession = (state: InSession): Step =>
  state.pauseAfter === null
    ? agreed(state)
    : {
        state: { ...state, pauseAfter: null },
        effects: [{ type: 'append', drafts: [{ kind: 'resume', body: {} }] }, ok()],
      };

export const inSession = {
  open: openInSession,
  press: pressInSession,
  time: timeInSession,
  cancel: cancelInSession,
  invite: inviteInSession,
  dutyOn: dutyOnInSession,
  dutyOff: (state: InSession, _input: InputMap['dutyOff'], policy: TerminalPolicy): Step =>
    relieved(onDuty(state), endOfDuty(state, policy), null),
  pause: pauseInSession,
  resume: resumeInSession,
  fault: fail,
  recover: unmoved,
};
