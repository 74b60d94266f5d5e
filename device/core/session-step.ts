/** What an input does: the next state and what is asked of the shell; and the smallest steps that cells are made of. */
import type { TerminalPolicy } from '../../protocol/index.js';
import { notice, ok, refused, type Draft, type Effect, type Notice } from './session-effect.js';
import type { InputMap, InputType } from './session-input.js';
import {
  deadlineOf,
  signalOf,
  type InService,
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
export type Table = { readonly [S in StateName]: Row<S> };

/** Nothing changes; something may be said. */
export function stay(state: SessionState, ...effects: readonly Effect[]): Step {
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
export const pressed =
  (
    word: Notice,
    code: 'rating-stands' | 'session-absent' | 'terminal-off-duty' | 'terminal-paused' | 'terminal-out-of-service',
  ) =>
  (state: SessionState): Step =>
    stay(state, notice(word), refused(code));

export const tell =
  (word: Notice) =>
  (state: SessionState): Step =>
    stay(state, notice(word));
export const unmoved = (state: SessionState): Step => stay(state);
export const agreed = (state: SessionState): Step => stay(state, ok());
export const refuse =
  (code: 'session-absent' | 'terminal-off-duty' | 'terminal-out-of-service') =>
  (state: SessionState): Step =>
    stay(state, refused(code));
export const fail = (before: InService): Step => enter({ name: 'outOfService', before }, []);
