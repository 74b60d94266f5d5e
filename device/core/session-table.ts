/**
 * The table of states × inputs. Every cell is there: the type asks for each, so a new state or input does not
 * compile until all its cells are thought of. `session.ts` looks cells up; nobody else does.
 */
import { absent, extend, idleFor, inSession, opened, relieved } from './open-session.js';
import { chooseReasons, doneWithMore, openReasons, openThing, touchPressed } from './say-more.js';
import { close } from './session-close.js';
import { notice, ok, refused } from './session-effect.js';
import type { InputMap } from './session-input.js';
import type { SessionState, StateMap } from './session-state.js';
import { agreed, enter, fail, pressed, refuse, stay, tell, unmoved, type Step, type Table } from './session-step.js';

/** A service that has ended is not opened again, whatever the counter does now. */
const unopened =
  (code: 'terminal-off-duty' | 'terminal-paused' | 'terminal-out-of-service') =>
  (state: SessionState, input: InputMap['open']): Step =>
    stay(state, refused(input.standing === 'ended' ? 'service-over' : code));

const pausedBy = (state: StateMap['idle' | 'paused'], input: InputMap['pause']): Step =>
  enter(
    { name: 'paused', staffNo: state.staffNo, reason: input.reason, ended: state.ended },
    [{ kind: 'pause', body: { reason: input.reason } }],
    ok(),
  );

/** What only somebody with a press can do. */
const withoutPress = {
  reasonsOpen: refuse('session-absent'),
  reasons: refuse('session-absent'),
  thing: refuse('session-absent'),
  done: refuse('session-absent'),
};

export const TABLE: Table = {
  offDuty: {
    ...withoutPress,
    later: pressed('off-duty', 'terminal-off-duty'),
    invite: absent,
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
    ...withoutPress,
    later: (state) => pressed(state.ended === null ? 'nothing-open' : 'session-over', 'session-absent')(state),
    invite: absent,
    open: (state, input, policy) =>
      input.standing === 'ended' ? stay(state, refused('service-over')) : opened(state.staffNo, input, policy, []),
    press: (state) => pressed(state.ended === null ? 'nothing-open' : 'session-over', 'session-absent')(state),
    chord: (state) => tell(state.ended === null ? 'nothing-open' : 'session-over')(state),
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
    ...withoutPress,
    later: pressed('paused', 'terminal-paused'),
    invite: absent,
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
      enter({ name: 'idle', staffNo: state.staffNo, ended: state.ended }, [{ kind: 'resume', body: {} }], ok()),
    fault: fail,
    recover: unmoved,
  },
  outOfService: {
    ...withoutPress,
    later: pressed('out-of-service', 'terminal-out-of-service'),
    invite: refuse('terminal-out-of-service'),
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
    ...withoutPress,
    later: (state, input, policy) => close(state, input, 'later', policy, ok()),
    chord: (state, input, policy) => extend(state, input, policy, notice('one-key-only')),
    touch: (state, input, policy) => extend(state, input, policy),
  },
  pressed: {
    ...inSession,
    later: pressed('rating-stands', 'rating-stands'),
    reasonsOpen: openReasons,
    reasons: chooseReasons,
    thing: openThing,
    done: doneWithMore,
    chord: tell('one-key-only'),
    touch: touchPressed,
  },
};
