/**
 * Fingers on a keypad, and readers that type. A reader's rhythm is that of its USB polling: a report for down and one
 * for up, each 1 ms (full speed), 8 ms (low speed), or with the pause between characters that its manual lets one set.
 */
import { describe, expect, it } from 'vitest';
import type { Level } from '../../device/kiosk/citizen/kiosk-view.js';
import {
  BOUNCE_MS,
  CLEAR_MS,
  dueMs,
  keyDown,
  keysLater,
  keyUp,
  QUIET_KEYPAD,
  WORD_GAP_MS,
  type KeyMove,
  type KeyStep,
} from '../../device/kiosk/citizen/keypad-gate.js';
import { fingerDown, fingerUp, OPEN_GATE, type GateStep } from '../../device/kiosk/citizen/press-gate.js';

/** Moves of keys, by what they type; `at` in ms. A sign 1 to 5 is a key of the keypad. */
type Stroke = { readonly key: string; readonly at: number; readonly up?: true };

interface Outcome {
  readonly what: Level | 'chord';
  readonly at: number;
}

/** Plays them as the page does, the time between them included. @returns presses and chords, when they came. */
function play(strokes: readonly Stroke[], untilMs = 120_000): Outcome[] {
  let keypad = QUIET_KEYPAD;
  let gate = OPEN_GATE;
  const came: Outcome[] = [];
  const take = (step: KeyStep, at: number) => {
    keypad = step.keypad;
    for (const move of step.moves) {
      const moved: GateStep = moveGate(move);
      gate = moved.gate;
      if (moved.chord) came.push({ what: 'chord', at });
      if (moved.press !== undefined) came.push({ what: moved.press, at });
    }
  };
  const moveGate = (move: KeyMove): GateStep =>
    move.type === 'down' ? fingerDown(gate, move.code, move.level) : fingerUp(gate, move.code, move.meant);
  const passTo = (at: number) => {
    for (let due = dueMs(keypad); due !== null && due < at; due = dueMs(keypad)) take(keysLater(keypad, due), due);
  };
  for (const { key, at, up } of strokes) {
    passTo(at);
    const level = ([5, 4, 3, 2, 1] as const).find((known) => String(known) === key);
    const kind = key === 'Enter' ? 'end' : key.length === 1 ? 'text' : 'other';
    take(up ? keyUp(keypad, key, at) : keyDown(keypad, { code: key, kind, level }, at), at);
  }
  passTo(untilMs);
  return came;
}

/** What a reader types: `gapMs` from one character to the next, each held for `holdMs`. */
function reader(text: string, gapMs: number | ((index: number) => number), holdMs: number, from = 0): Stroke[] {
  let at = from;
  return [...[...text], 'Enter']
    .flatMap((key, index) => {
      if (index > 0) at += typeof gapMs === 'number' ? gapMs : gapMs(index);
      return [
        { key, at },
        { key, at: at + holdMs, up: true as const },
      ];
    })
    .toSorted((a, b) => a.at - b.at);
}

const tap = (key: string, at: number, holdMs: number): Stroke[] => [
  { key, at },
  { key, at: at + holdMs, up: true },
];

/** As long as nobody's finger rests. */
const STUCK_MS = 30_000;

describe('a reader that types into the citizen’s screen', () => {
  const codes = ['1002', '5', '3', '12345', '5555555', '0004711234', 'GZ-2026-000123', '%5A1B2C3?', '1'.repeat(32)];
  const rhythms = [
    ['full speed', 2, 1],
    ['low speed', 16, 8],
    ['low speed, next key down before the last is up', 8, 12],
    ['a pause of 30 ms', 30, 8],
    ['a pause of 50 ms', 50, 8],
  ] as const;

  it.each(rhythms)('presses nothing: %s', (_name, gapMs, holdMs) => {
    for (const code of codes) expect({ code, came: play(reader(code, gapMs, holdMs)) }).toEqual({ code, came: [] });
  });

  it('presses nothing when the computer stretches its rhythm once it has begun', () => {
    const stretched = (index: number) => (index > 1 && index % 3 === 0 ? 350 : 8);
    expect(play(reader('GZ-2026-1234512345', stretched, 4))).toEqual([]);
    expect(play(reader('1351351351351', stretched, 4))).toEqual([]);
    expect(play(reader('13513', (index) => (index > 1 ? 350 : 8), 4))).toEqual([]);
  });

  it('is over with its Enter: the next finger counts', () => {
    const afterwards = play([...reader('1002', 8, 4), ...tap('4', 300, 90)]);
    expect(afterwards.map(({ what }) => what)).toEqual([4]);
    const withoutEnter = reader('1002', 8, 4).filter(({ key }) => key !== 'Enter');
    expect(play([...withoutEnter, ...tap('4', 30 + WORD_GAP_MS, 90)]).map(({ what }) => what)).toEqual([4]);
  });

  it('takes its Enter with it, and leaves a hand’s alone', () => {
    let keypad = QUIET_KEYPAD;
    for (const [index, key] of [...'x1002'].entries())
      ({ keypad } = keyDown(keypad, { code: key, kind: 'text', level: undefined }, index * 8));
    const enter = { code: 'Enter', kind: 'end', level: undefined } as const;
    expect(keyDown(keypad, enter, 48).readers).toBe(true);
    expect(keyDown(QUIET_KEYPAD, enter, 48).readers).toBe(false);
    const tabbed = keyDown(QUIET_KEYPAD, { code: 'Tab', kind: 'end', level: undefined }, 10).keypad;
    expect(keyDown(tabbed, enter, 20).readers).toBe(false);
  });
});

describe('a finger on a keypad', () => {
  it('presses in the moment it is lifted: nobody waits for the proof', () => {
    expect(play(tap('3', 1_000, CLEAR_MS))).toEqual([{ what: 3, at: 1_000 + CLEAR_MS }]);
    expect(play(tap('3', 1_000, 140))).toEqual([{ what: 3, at: 1_140 }]);
  });

  it('presses within the proof’s time where the keypad itself makes a stroke of no length', () => {
    expect(play(tap('2', 0, 4))).toEqual([{ what: 2, at: CLEAR_MS }]);
  });

  it('presses once though the contact bounces, going down and coming up', () => {
    const bounces = [0, 6, 11, 19].flatMap((at) => tap('5', at, 3)).slice(0, -1);
    const release = [{ key: '5', at: 150, up: true as const }, ...tap('5', 154, 3), ...tap('5', 162, 5)];
    expect(play([...bounces, ...release])).toEqual([{ what: 5, at: 150 }]);
    expect(play([...tap('5', 0, 80), ...tap('5', 80 + BOUNCE_MS + CLEAR_MS, 80)]).map(({ what }) => what)).toEqual([
      5, 5,
    ]);
  });

  it('presses none with two at once, however they are let go', () => {
    for (const [secondAt, firstUp, secondUp] of [
      [3, 120, 130],
      [3, 5, 7],
      [40, 300, 90],
      [200, 400, 320],
    ] as const) {
      const both: Stroke[] = [
        { key: '1', at: 0 },
        { key: '5', at: secondAt },
        { key: '1', at: firstUp, up: true as const },
        { key: '5', at: secondUp, up: true as const },
      ];
      expect(play(both.toSorted((a, b) => a.at - b.at)).map(({ what }) => what)).toEqual(['chord']);
    }
  });

  it('that never lets go is a stuck key: the others work on, and it works again when it was up', () => {
    const stuck: Stroke[] = [{ key: '1', at: 0 }];
    const beside = tap('4', STUCK_MS - 5_000, 90);
    const later = tap('4', STUCK_MS + 5_000, 90);
    expect(play([...stuck, ...beside]).map(({ what }) => what)).toEqual(['chord']);
    expect(play([...stuck, ...later]).map(({ what }) => what)).toEqual([4]);
    const freed: Stroke[] = [{ key: '1', at: STUCK_MS + 10_000, up: true }, ...tap('1', STUCK_MS + 11_000, 90)];
    expect(play([...stuck, ...later, ...freed]).map(({ what }) => what)).toEqual([4, 1]);
    // Let go where this screen did not hear it: going down again is a press of its own.
    expect(play([...stuck, ...later, ...tap('1', STUCK_MS + 11_000, 90)]).map(({ what }) => what)).toEqual([4, 1]);
  });
});
