/**
 * What a citizen may say beside the level: reasons, and levels of single things. Both are on the screen only when the
 * citizen asks, and not for long (I6); the steps are the same for every level.
 */
import { areReasonsOf, type TerminalPolicy } from '../../protocol/index.js';
import { marked } from './asked.js';
import { close } from './session-close.js';
import { ok, refused, type Draft } from './session-effect.js';
import type { InputMap, InputType } from './session-input.js';
import { isAtMore, type StateMap } from './session-state.js';
import { stay, unmoved, type Step } from './session-step.js';

type Pressed = StateMap['pressed'];

/** The citizen is at it: the session stays open for them, never shorter than for a change of mind. */
const staying = (
  state: Pressed,
  input: InputMap[InputType],
  policy: TerminalPolicy,
  changes: Partial<Pressed>,
): Pressed => ({
  ...state,
  ...changes,
  deadlineMonoMs: Math.max(state.changeUntilMonoMs, input.now.monoMs + policy.reasonsMs),
});

/** All that is said beside the level of a press; the last such entry counts. */
const saidMore = ({ press, service, reasons, list, marks }: Pressed): Draft => ({
  kind: 'reasons',
  body: {
    pressId: press.id,
    serviceId: service.serviceId,
    codes: [...reasons],
    list,
    ...(marks.length === 0 ? {} : { marks: [...marks] }),
  },
});

export const openReasons = (state: Pressed, input: InputMap['reasonsOpen'], policy: TerminalPolicy): Step => {
  const next = staying(state, input, policy, { reasonsOpen: true, marking: null });
  return stay(next, { type: 'deadline', atMonoMs: next.deadlineMonoMs }, ok());
};

export const chooseReasons = (state: Pressed, input: InputMap['reasons'], policy: TerminalPolicy): Step => {
  const { press, asked } = state;
  if (!areReasonsOf(press.level, input.codes, asked.list.reasons)) return stay(state, refused('reason-unknown'));
  const chosen = { reasons: input.codes, list: asked.list.id, reasonsOpen: true, marking: null };
  const next = staying(state, input, policy, chosen);
  return {
    state: next,
    effects: [{ type: 'append', drafts: [saidMore(next)] }, { type: 'deadline', atMonoMs: next.deadlineMonoMs }, ok()],
  };
};

/** From here on a press, by whatever way, is the level of that thing. */
export const openThing = (state: Pressed, input: InputMap['thing'], policy: TerminalPolicy): Step => {
  if (state.asked.things[input.index] === undefined) return stay(state, refused('thing-unknown'));
  const next = staying(state, input, policy, { reasonsOpen: false, marking: input.index });
  return stay(next, { type: 'deadline', atMonoMs: next.deadlineMonoMs }, ok());
};

/** The same thing stays on the screen: pressed twice it is marked once, and it may be marked anew. */
export const markThing = (state: Pressed, index: number, input: InputMap['press'], policy: TerminalPolicy): Step => {
  const thing = state.asked.things[index];
  if (thing === undefined) return stay(state, refused('thing-unknown'));
  const { of, code } = thing;
  const next = staying(state, input, policy, { marks: marked(state.marks, { of, code, level: input.level }) });
  return {
    state: next,
    effects: [
      { type: 'append', drafts: [saidMore(next)] },
      { type: 'accepted' },
      { type: 'deadline', atMonoMs: next.deadlineMonoMs },
      ok(),
    ],
  };
};

/** Back to the rest of the time for a change of mind; when that is over, the session closes. */
export const doneWithMore = (state: Pressed, input: InputMap['done'], policy: TerminalPolicy): Step => {
  if (input.now.monoMs >= state.changeUntilMonoMs) return close(state, input, 'time-over', policy, ok());
  const next = { ...state, reasonsOpen: false, marking: null, deadlineMonoMs: state.changeUntilMonoMs };
  return stay(next, { type: 'deadline', atMonoMs: next.deadlineMonoMs }, ok());
};

export const touchPressed = (state: Pressed, input: InputMap['touch'], policy: TerminalPolicy): Step => {
  if (!isAtMore(state)) return unmoved(state);
  const next = staying(state, input, policy, {});
  return stay(next, { type: 'deadline', atMonoMs: next.deadlineMonoMs });
};
