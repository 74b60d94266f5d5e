/** The session: what an input does at the counter, and what holds when it could not be recorded. */
import type { ErrorCode, TerminalPolicy } from '../../protocol/index.js';
import { notice, refused, type Effect } from './session-effect.js';
import type { InputMap, InputType, SessionInput } from './session-input.js';
import { deadlineOf, type SessionState, type StateMap, type StateName } from './session-state.js';
import type { Cell, Row, Step } from './session-step.js';
import { TABLE } from './session-table.js';

export type { Step };

/**
 * What an input does. Time decides before anything else: a session whose deadline has come is closed first,
 * whether or not the timer was heard, and all goes into one append.
 *
 * The shell appends, and only then adopts `state` and carries out the other effects in their order (I4).
 * When the append fails it keeps the state it had and turns to `notTaken`.
 */
export function transition(state: SessionState, input: SessionInput, policy: TerminalPolicy): Step {
  if (input.type === 'time' || !isOver(state, input)) return lookUp(state.name, input.type, state, input, policy);
  const closed = lookUp(state.name, 'time', state, { type: 'time', now: input.now }, policy);
  const next = sinceEnded(input, state);
  return joined(closed, lookUp(closed.state.name, next.type, closed.state, next, policy));
}

/**
 * What holds when the append of an input failed: the state before stands, and whoever asked is told. A citizen
 * whose press was not taken is there all the same, so the invitation is extended for the next try.
 * @param code why, for the one who asked.
 */
export function notTaken(state: SessionState, input: SessionInput, policy: TerminalPolicy, code: ErrorCode): Step {
  switch (input.type) {
    case 'press': {
      const touched = isOver(state, input)
        ? { state, effects: [] }
        : lookUp(state.name, 'touch', state, { type: 'touch', now: input.now }, policy);
      return { state: touched.state, effects: [...touched.effects, notice('press-not-taken'), refused(code)] };
    }
    case 'open':
    case 'later':
    case 'reasonsOpen':
    case 'reasons':
    case 'thing':
    case 'done':
    case 'invite':
    case 'cancel':
    case 'dutyOn':
    case 'dutyOff':
    case 'pause':
    case 'resume':
      return { state, effects: [refused(code)] };
    case 'chord':
    case 'touch':
    case 'time':
    case 'fault':
    case 'recover':
      return { state, effects: [] };
  }
}

/** The input as it is once the session of `state` has closed: the log was asked about its service before that. */
function sinceEnded(input: SessionInput, state: SessionState): SessionInput {
  if (state.name !== 'invited' && state.name !== 'pressed') return input;
  const { serviceId } = state.service;
  if (input.type === 'open' && input.service.serviceId === serviceId) return { ...input, standing: 'ended' };
  if ((input.type === 'cancel' || input.type === 'invite') && input.serviceId === serviceId)
    return { ...input, standing: 'ended' };
  return input;
}

function isOver(state: SessionState, input: SessionInput): boolean {
  const deadline = deadlineOf(state);
  return deadline !== null && input.now.monoMs >= deadline;
}

function lookUp<S extends StateName, I extends InputType>(
  name: S,
  type: I,
  state: StateMap[S],
  input: InputMap[I],
  policy: TerminalPolicy,
): Step {
  const row: Row<S> = TABLE[name];
  const cell: Cell<S, I> = row[type];
  return cell(state, input, policy);
}

/** Two steps as one: their entries in one append, and of lamps and deadlines only the last word. */
function joined(first: Step, second: Step): Step {
  const drafts = [first, second].flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.type === 'append' ? effect.drafts : [])),
  );
  const superseded = new Set<Effect['type']>(second.effects.map(({ type }) => type));
  if (superseded.has('accepted')) superseded.add('lamps');
  const kept = first.effects.filter(({ type }) => type !== 'append' && !superseded.has(type));
  const rest = second.effects.filter(({ type }) => type !== 'append');
  return {
    state: second.state,
    effects: [...(drafts.length > 0 ? [{ type: 'append', drafts } as const] : []), ...kept, ...rest],
  };
}
