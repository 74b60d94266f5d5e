/** How a session closes: the entry that says so, and where the counter goes on. */
import type { SessionEnd } from '../../protocol/index.js';
import type { Draft } from './session-effect.js';
import type { InSession, StateMap } from './session-state.js';

/**
 * The closing entry. A press stands whatever ends the session; without one the end is `unrated`, never a
 * rating by default, and the right to rate goes on (design: no automatic 好评).
 */
export function closingEntry(state: InSession, cause: SessionEnd): Draft {
  const { serviceId } = state.service;
  if (state.name === 'invited') return { kind: 'unrated', body: { serviceId, cause } };
  return { kind: 'rating', body: { id: state.press.id, serviceId, level: state.press.level, cause } };
}

/** The state after it: a pause that was asked for meanwhile begins now. */
export function afterClosing(state: InSession): StateMap['idle' | 'paused'] {
  const { staffNo, pauseAfter } = state;
  return pauseAfter === null
    ? { name: 'idle', staffNo, afterSession: true }
    : { name: 'paused', staffNo, reason: pauseAfter, afterSession: true };
}
