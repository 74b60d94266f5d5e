import { describe, expect, it } from 'vitest';
import type { Level } from '../../device/kiosk/citizen/kiosk-view.js';
import {
  fingerDown,
  fingerRested,
  fingerUp,
  OPEN_GATE,
  type GateStep,
  type PressGate,
} from '../../device/kiosk/citizen/press-gate.js';

type Move =
  | { readonly down: string; readonly on: Level }
  | { readonly up: string; readonly off?: true }
  | { readonly rested: string };

/** What came of the moves: presses and chords, in order. */
function play(...moves: readonly Move[]): (Level | 'chord')[] {
  const came: (Level | 'chord')[] = [];
  let gate: PressGate = OPEN_GATE;
  for (const move of moves) {
    const step: GateStep =
      'down' in move
        ? fingerDown(gate, move.down, move.on)
        : 'up' in move
          ? fingerUp(gate, move.up, move.off === undefined)
          : fingerRested(gate, move.rested);
    gate = step.gate;
    if (step.chord) came.push('chord');
    if (step.press !== undefined) came.push(step.press);
  }
  return came;
}

describe('fingers on the targets', () => {
  it('press when they are lifted', () => {
    expect(play({ down: 'a', on: 4 })).toEqual([]);
    expect(play({ down: 'a', on: 4 }, { up: 'a' })).toEqual([4]);
    expect(play({ down: 'a', on: 4 }, { up: 'a' }, { down: 'a', on: 1 }, { up: 'a' })).toEqual([4, 1]);
  });

  it('press once when they rest, not again when they are lifted', () => {
    expect(play({ down: 'a', on: 2 }, { rested: 'a' }, { up: 'a' })).toEqual([2]);
  });

  it('press nothing when they slid off', () => {
    expect(play({ down: 'a', on: 2 }, { up: 'a', off: true })).toEqual([]);
  });

  it('press nothing when two levels were held at once, until all are lifted', () => {
    expect(play({ down: 'a', on: 5 }, { down: 'b', on: 4 }, { up: 'a' }, { up: 'b' })).toEqual(['chord']);
    expect(play({ down: 'a', on: 5 }, { down: 'b', on: 4 }, { rested: 'a' }, { rested: 'b' })).toEqual(['chord']);
    expect(
      play({ down: 'a', on: 5 }, { down: 'b', on: 4 }, { up: 'a' }, { down: 'c', on: 3 }, { up: 'c' }, { up: 'b' }),
    ).toEqual(['chord']);
    expect(
      play({ down: 'a', on: 5 }, { down: 'b', on: 4 }, { up: 'a' }, { up: 'b' }, { down: 'a', on: 3 }, { up: 'a' }),
    ).toEqual(['chord', 3]);
  });

  it('press once when two fingers touch the same target', () => {
    expect(play({ down: 'a', on: 5 }, { down: 'b', on: 5 }, { up: 'b' }, { up: 'a' })).toEqual([5]);
  });
});
