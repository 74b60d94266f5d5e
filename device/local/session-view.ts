/** What each role sees of the session. */
import type { Snapshot } from '../core/session-state.js';
import type { Role } from './boot-secret.js';

/** The staff's view of an open session: not whether the citizen has pressed, nor the time left, which would tell. */
export type StaffView = Omit<Snapshot, 'state' | 'remainingMs' | 'totalMs' | 'canChange' | 'reasonsOpen'> & {
  readonly state: Exclude<Snapshot['state'], 'invited' | 'pressed'> | 'inSession';
};

/**
 * The citizen's screen needs all of the snapshot. Staff learn that a session is open: the moment of a press, and
 * of a change of mind, would let them match it with what they saw of the hand (I6); "rated" reaches them by the gateway, late.
 */
export function viewFor(role: Role, snapshot: Snapshot): Snapshot | StaffView {
  if (role === 'kiosk') return snapshot;
  const { state, remainingMs: _left, totalMs: _total, canChange: _change, reasonsOpen: _reasons, ...rest } = snapshot;
  return { ...rest, state: state === 'invited' || state === 'pressed' ? 'inSession' : state };
}
