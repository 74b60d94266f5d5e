import { expect, test } from 'vitest';
import type { TerminalSession } from '../../simulator/demo/terminal-door.js';
import { witnessPress } from '../../simulator/demo/witnessed-press.js';

type State = TerminalSession['state'];

/** `states`: what the terminal answers before and after the press; null when it does not. */
function witness(lamp: 'seen' | 'dark' | 'unknown', states: readonly (State | null)[], runs: readonly number[] = [1]) {
  const states_ = [...states];
  const runs_ = [...runs];
  return witnessPress({
    press: async () => lamp,
    session: async () => {
      const state = states_.length > 1 ? states_.shift() : states_[0];
      return state === null || state === undefined ? undefined : { state };
    },
    run: () => (runs_.length > 1 ? runs_.shift() : runs_[0]) ?? 0,
  });
}

test('a press whose lamp was seen is accepted, whatever is said of the session', async () => {
  expect(await witness('seen', ['invited'])).toBe('accepted');
  expect(await witness('seen', ['idle', 'idle'])).toBe('accepted');
});

test('a press is refused only when no service was open before and after', async () => {
  for (const state of ['idle', 'offDuty', 'paused'] as const) expect(await witness('dark', [state])).toBe('refused');
  for (const states of [
    ['invited', 'idle'],
    ['idle', 'invited'],
    ['pressed', 'idle'],
    ['outOfService', 'idle'],
    [null, 'idle'],
    ['idle', null],
  ] as const) {
    expect(await witness('dark', states), String(states)).toBe('unknown');
  }
});

test('a lamp that nobody watched decides nothing', async () => {
  expect(await witness('unknown', ['idle'])).toBe('unknown');
});

test('a lamp that a starting terminal lit is not taken for this press', async () => {
  expect(await witness('seen', ['pressed'], [1, 2])).toBe('unknown');
  expect(await witness('dark', ['idle'], [1, 1, 2])).toBe('unknown');
});
