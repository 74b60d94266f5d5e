/**
 * The table of states × inputs. Every cell is there: the type asks for each, so a new state or input does not
 * compile until all its cells are thought of. `session.ts` looks cells up; nobody else does.
 */
import type { SessionEnd, TerminalPolicy } from '../../protocol/index.js';
import { afterClosing, closingEntry } from './session-close.js';
import { notice, ok, refused, type Draft, type Effect, type Notice } from './session-effect.js';
import type { InputMap, InputType } from './session-input.js';
import {
  deadlineOf,
  signalOf,
  type InService,
  type InSession,
  type SessionState,
  type StateMap,
  type StateName,
} from './session-state.js';

/** What an input does in a state. */
export interface Step {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}

export type Cell<S extends StateName, I extends InputType> = (
  state: StateMap[S],
  input: InputMap[I],
  policy: TerminalPolicy,
) => Step;
export type Row<S extends StateName> = { readonly [I in InputType]: Cell<S, I> };
type Table = { readonly [S in StateName]: Row<S> };

/** Nothing changes; something may be said. */
function stay(state: SessionState, ...effects: readonly Effect[]): Step {
  return { state, effects };
}

/** A state is entered: what is to be recorded, then what lamps and clock do there, then the rest. */
export function enter(state: SessionState, drafts: readonly Draft[], ...effects: readonly Effect[]): Step {
  return {
    state,
    effects: [
      ...(drafts.length > 0 ? [{ type: 'append', drafts } as const] : []),
      { type: 'lamps', signal: signalOf(state) },
      { type: 'deadline', atMonoMs: deadlineOf(state) },
      ...effects,
    ],
  };
}

/** A press where nothing can be rated: recorded nowhere, answered kindly. */
const pressed =
  (word: Notice, code: 'session-absent' | 'terminal-off-duty' | 'terminal-paused' | 'terminal-out-of-service') =>
  (state: SessionState): Step =>
    stay(state, notice(word), refused(code));

const tell =
  (word: Notice) =>
  (state: SessionState): Step =>
    stay(state, notice(word));
const unmoved = (state: SessionState): Step => stay(state);
const agreed = (state: SessionState): Step => stay(state, ok());
const refuse =
  (code: 'terminal-off-duty' | 'terminal-out-of-service') =>
  (state: SessionState): Step =>
    stay(state, refused(code));
const fail = (before: InService): Step => enter({ name: 'outOfService', before }, []);

const opened = (
  state: { readonly staffNo: string },
  input: InputMap['open'],
  policy: TerminalPolicy,
  before: readonly Draft[],
): Step => {
  const { service, origin, window, policyId, now } = input;
  const entry: Draft = {
    kind: 'service.opened',
    body: { ...service, origin, ...(window === undefined ? {} : { window }), staffNo: state.staffNo, policy: policyId },
  };
  return enter(
    {
      name: 'invited',
      staffNo: state.staffNo,
      service,
      openedMonoMs: now.monoMs,
      deadlineMonoMs: now.monoMs + policy.invitationMs,
      pauseAfter: null,
    },
    [...before, entry],
    ok(),
  );
};

/** A service that has ended is not opened again, whatever the counter does now. */
const unopened =
  (code: 'terminal-off-duty' | 'terminal-paused' | 'terminal-out-of-service') =>
  (state: SessionState, input: InputMap['open']): Step =>
    stay(state, refused(input.standing === 'ended' ? 'service-over' : code));

/** The service is not the open one. */
const absent = (state: SessionState, input: InputMap['cancel']): Step =>
  stay(state, refused(input.standing === 'ended' ? 'service-over' : 'session-absent'));

const idleFor = (staffNo: string): StateMap['idle'] => ({ name: 'idle', staffNo, afterSession: false });

/** Another member of staff takes over, or nobody does. `before`: what has to be closed first. */
const relieved = (staffNo: string, before: readonly Draft[], next: string | null): Step => {
  const off: Draft = { kind: 'duty.off', body: { staffNo } };
  if (next === null) return enter({ name: 'offDuty' }, [...before, off], ok());
  return enter(idleFor(next), [...before, off, { kind: 'duty.on', body: { staffNo: next } }], ok());
};

// While a service is open

const close = (state: InSession, cause: SessionEnd, ...effects: readonly Effect[]): Step =>
  enter(afterClosing(state), [closingEntry(state, cause)], ...effects);

const openInSession = (state: InSession, input: InputMap['open'], policy: TerminalPolicy): Step => {
  const { service } = state;
  if (input.service.serviceId === service.serviceId) {
    const same = input.service.caseNo === service.caseNo && input.service.stage === service.stage;
    return stay(state, same ? ok() : refused('service-exists'));
  }
  if (input.standing === 'ended') return stay(state, refused('service-over'));
  // The pause begins when this session closes, so there is no next service to close it; the citizen keeps their time.
  if (state.pauseAfter !== null) return stay(state, refused('terminal-paused'));
  return opened(state, input, policy, [closingEntry(state, 'next-service')]);
};

const pressInSession = (state: InSession, input: InputMap['press'], policy: TerminalPolicy): Step => {
  const { now, id, level, via } = input;
  // A key that went down before this service was opened was meant for another, or for none.
  if (now.monoMs < state.openedMonoMs) return stay(state, notice('nothing-open'), refused('session-absent'));
  // Counted from the first press and never moved: the length of the session tells nothing (I6).
  const deadlineMonoMs = state.name === 'pressed' ? state.deadlineMonoMs : now.monoMs + policy.changeOfMindMs;
  const { staffNo, service, openedMonoMs, pauseAfter } = state;
  return {
    state: { name: 'pressed', staffNo, service, openedMonoMs, deadlineMonoMs, pauseAfter, press: { id, level } },
    effects: [
      { type: 'append', drafts: [{ kind: 'press', body: { id, serviceId: service.serviceId, level, via } }] },
      { type: 'accepted' },
      { type: 'deadline', atMonoMs: deadlineMonoMs },
      ok(),
    ],
  };
};

/** Somebody is there, so the invitation begins anew; it never gets shorter. */
const extend = (
  state: StateMap['invited'],
  input: InputMap['touch' | 'chord'],
  policy: TerminalPolicy,
  ...effects: readonly Effect[]
): Step => {
  const deadlineMonoMs = Math.max(state.deadlineMonoMs, input.now.monoMs + policy.invitationMs);
  return stay({ ...state, deadlineMonoMs }, { type: 'deadline', atMonoMs: deadlineMonoMs }, ...effects);
};

const timeInSession = (state: InSession, input: InputMap['time']): Step =>
  input.now.monoMs < state.deadlineMonoMs
    ? stay(state, { type: 'deadline', atMonoMs: state.deadlineMonoMs })
    : close(state, 'time-over');

const cancelInSession = (state: InSession, input: InputMap['cancel']): Step =>
  input.serviceId === state.service.serviceId ? close(state, 'cancelled', ok()) : absent(state, input);

/** What closes a session and undoes a pause that it held back, before duty ends. */
const endOfDuty = (state: InSession): readonly Draft[] => [
  closingEntry(state, 'off-duty'),
  ...(state.pauseAfter === null ? [] : [{ kind: 'resume', body: {} } as const]),
];

const dutyOnInSession = (state: InSession, input: InputMap['dutyOn']): Step =>
  input.staffNo === state.staffNo ? agreed(state) : relieved(state.staffNo, endOfDuty(state), input.staffNo);

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

const inSession = {
  open: openInSession,
  press: pressInSession,
  time: timeInSession,
  cancel: cancelInSession,
  dutyOn: dutyOnInSession,
  dutyOff: (state: InSession): Step => relieved(state.staffNo, endOfDuty(state), null),
  pause: pauseInSession,
  resume: resumeInSession,
  fault: fail,
  recover: unmoved,
};

// Between services

const pausedBy = (state: StateMap['idle' | 'paused'], input: InputMap['pause']): Step =>
  enter(
    { name: 'paused', staffNo: state.staffNo, reason: input.reason, afterSession: state.afterSession },
    [{ kind: 'pause', body: { reason: input.reason } }],
    ok(),
  );

export const TABLE: Table = {
  offDuty: {
    open: unopened('terminal-off-duty'),
    press: pressed('off-duty', 'terminal-off-duty'),
    chord: tell('off-duty'),
    touch: unmoved,
    time: unmoved,
    cancel: absent,
    dutyOn: (_state, { staffNo }) => enter(idleFor(staffNo), [{ kind: 'duty.on', body: { staffNo } }], ok()),
    dutyOff: agreed,
    pause: refuse('terminal-off-duty'),
    resume: refuse('terminal-off-duty'),
    fault: fail,
    recover: unmoved,
  },
  idle: {
    open: (state, input, policy) =>
      input.standing === 'ended' ? stay(state, refused('service-over')) : opened(state, input, policy, []),
    press: (state) => pressed(state.afterSession ? 'session-over' : 'nothing-open', 'session-absent')(state),
    chord: (state) => tell(state.afterSession ? 'session-over' : 'nothing-open')(state),
    touch: unmoved,
    time: unmoved,
    cancel: absent,
    dutyOn: (state, { staffNo }) => (staffNo === state.staffNo ? agreed(state) : relieved(state.staffNo, [], staffNo)),
    dutyOff: (state) => relieved(state.staffNo, [], null),
    pause: pausedBy,
    resume: agreed,
    fault: fail,
    recover: unmoved,
  },
  paused: {
    open: unopened('terminal-paused'),
    press: pressed('paused', 'terminal-paused'),
    chord: tell('paused'),
    touch: unmoved,
    time: unmoved,
    cancel: absent,
    dutyOn: (state, { staffNo }) =>
      staffNo === state.staffNo ? agreed(state) : relieved(state.staffNo, [{ kind: 'resume', body: {} }], staffNo),
    dutyOff: (state) => relieved(state.staffNo, [{ kind: 'resume', body: {} }], null),
    pause: (state, input) => (input.reason === state.reason ? agreed(state) : pausedBy(state, input)),
    resume: (state) =>
      enter(
        { name: 'idle', staffNo: state.staffNo, afterSession: state.afterSession },
        [{ kind: 'resume', body: {} }],
        ok(),
      ),
    fault: fail,
    recover: unmoved,
  },
  outOfService: {
    open: unopened('terminal-out-of-service'),
    press: pressed('out-of-service', 'terminal-out-of-service'),
    chord: tell('out-of-service'),
    touch: unmoved,
    time: unmoved,
    cancel: refuse('terminal-out-of-service'),
    dutyOn: refuse('terminal-out-of-service'),
    dutyOff: refuse('terminal-out-of-service'),
    pause: refuse('terminal-out-of-service'),
    resume: refuse('terminal-out-of-service'),
    fault: unmoved,
    recover: (state) => enter(state.before, []),
  },
  invited: {
    ...inSession,
    chord: (state, input, policy) => extend(state, input, policy, notice('one-key-only')),
    touch: (state, input, policy) => extend(state, input, policy),
  },
  pressed: {
    ...inSession,
    chord: tell('one-key-only'),
    touch: unmoved,
  },
};
