import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialScannerState, transition, type ScannerEffect, type ScannerInput } from '../../hw/keys/key-scanner.js';
import type { KeyLevel } from '../../hw/ports/counter-board.js';

const SETTINGS = { debounceMs: 7, chordWindowMs: 10, stuckMs: 1_000, armUpMs: 300 };

type Told = ScannerEffect & { atMs: number };

/** Runs inputs on a virtual clock, with a timer that rings at each deadline. */
function run(
  inputs: readonly ScannerInput[],
  untilMs: number,
  onInput: (input: ScannerInput) => void = () => undefined,
): Told[] {
  let state = initialScannerState(SETTINGS);
  let deadlineMs: number | undefined;
  const told: Told[] = [];
  const step = (input: ScannerInput) => {
    const next = transition(state, input);
    state = next.state;
    deadlineMs = next.nextDeadlineMs;
    told.push(...next.effects.map((effect) => ({ ...effect, atMs: input.nowMs })));
    onInput(input);
  };
  const ring = (beforeMs: number) => {
    while (deadlineMs !== undefined && deadlineMs < beforeMs) step({ kind: 'time', nowMs: deadlineMs });
  };
  for (const input of inputs) {
    ring(input.nowMs);
    step(input);
  }
  ring(untilMs);
  return told;
}

const began = (nowMs: number, ...down: KeyLevel[]): ScannerInput => ({ kind: 'began', nowMs, down });
const down = (nowMs: number, key: KeyLevel): ScannerInput => ({
  kind: 'edge',
  nowMs,
  key,
  down: true,
  seenMs: nowMs - 7,
});
const up = (nowMs: number, key: KeyLevel): ScannerInput => ({
  kind: 'edge',
  nowMs,
  key,
  down: false,
  seenMs: nowMs - 7,
});

describe('arming', () => {
  it('comes when all keys have been up for armUpMs', () => {
    expect(run([began(0)], 2_000)).toEqual([{ kind: 'armed', atMs: 300 }]);
  });

  it('starts over with every key that goes down meanwhile, and makes none of them a press', () => {
    expect(run([began(0), down(100, 3), up(250, 3)], 2_000)).toEqual([{ kind: 'armed', atMs: 550 }]);
  });

  it('waits for a key that was held at the beginning', () => {
    expect(run([began(0, 2), up(700, 2)], 900)).toEqual([]);
    expect(run([began(0, 2), up(700, 2)], 1_001)).toEqual([{ kind: 'armed', atMs: 1_000 }]);
  });

  it('does not wait for ever for a key that is stuck', () => {
    expect(run([began(0, 2), down(1_100, 4)], 1_200)).toEqual([
      { kind: 'stuck', key: 2, atMs: 1_000 },
      { kind: 'armed', atMs: 1_000 },
      { kind: 'press', key: 4, seenMs: 1_093, atMs: 1_110 },
    ]);
  });

  it('is undone when the keys are lost, and a press under way with it', () => {
    expect(run([began(0), down(400, 1), { kind: 'lost', nowMs: 405 }, up(500, 1), down(600, 2)], 3_000)).toEqual([
      { kind: 'armed', atMs: 300 },
    ]);
  });
});

describe('a press', () => {
  it('stands when the window has passed, and carries the time at which the contact moved', () => {
    expect(run([began(0), down(400, 5), up(500, 5)], 2_000)).toEqual([
      { kind: 'armed', atMs: 300 },
      { kind: 'press', key: 5, seenMs: 393, atMs: 410 },
    ]);
  });

  it('stands even if the key was released within the window', () => {
    expect(run([began(0), down(400, 5), up(407, 5)], 2_000).at(-1)).toEqual({
      kind: 'press',
      key: 5,
      seenMs: 393,
      atMs: 410,
    });
  });

  it('is decided by the time of the edges, however late they are heard', () => {
    let state = transition(initialScannerState(SETTINGS), began(0)).state;
    state = transition(state, down(400, 5)).state;
    expect(transition(state, down(450, 4)).effects).toEqual([
      { kind: 'press', key: 5, seenMs: 393 },
      { kind: 'chord' },
    ]);
  });

  it('is one although the contact bounces on release', () => {
    const told = run([began(0), down(400, 5), up(500, 5), down(506, 5), up(520, 5), down(527, 5)], 900);
    expect(told.map((effect) => effect.kind)).toEqual(['armed', 'press', 'press']);
    expect(told.map((effect) => effect.atMs)).toEqual([300, 410, 537]);
  });
});

describe('a chord', () => {
  it('is told once until all keys are up, and none of its keys is a press', () => {
    const told = run(
      [began(0), down(400, 5), down(405, 4), up(500, 4), down(550, 3), up(600, 3), up(610, 5), down(700, 2)],
      900,
    );
    expect(told.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['armed', 300],
      ['chord', 405],
      ['press', 710],
    ]);
  });

  it('is what a second key makes while the first is held long', () => {
    expect(run([began(0), down(400, 5), down(700, 4)], 900).map((effect) => effect.kind)).toEqual([
      'armed',
      'press',
      'chord',
    ]);
  });

  it('is what two keys make within one window, even if the first is up again', () => {
    expect(run([began(0), down(400, 5), up(404, 5), down(408, 4)], 900).map((effect) => effect.kind)).toEqual([
      'armed',
      'chord',
    ]);
  });
});

describe('a stuck key', () => {
  it('is told once, ignored, and free after it has been up for armUpMs', () => {
    const told = run([began(0), down(400, 1), up(1_500, 1), down(1_600, 1), up(1_700, 1), down(2_100, 1)], 2_200);
    expect(told.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['armed', 300],
      ['press', 410],
      ['stuck', 1_400],
      ['freed', 2_000],
      ['press', 2_110],
    ]);
  });

  it('stays known over a lost link', () => {
    const told = run([began(0), down(400, 1), { kind: 'lost', nowMs: 2_000 }, began(3_000, 1), up(5_000, 1)], 6_000);
    expect(told.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['armed', 300],
      ['press', 410],
      ['stuck', 1_400],
      ['armed', 3_300],
      ['freed', 5_300],
    ]);
  });
});

describe('any sequence of edges', () => {
  const anyInput = fc.record({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 1_500 })),
    kind: fc.constantFrom('edge', 'edge', 'edge', 'edge', 'edge', 'contact', 'contact', 'began', 'lost', 'time'),
    key: fc.constantFrom<KeyLevel>(1, 2, 3, 4, 5),
    down: fc.boolean(),
  });
  const asInputs = (raw: { waitMs: number; kind: string; key: KeyLevel; down: boolean }[]): ScannerInput[] => {
    let nowMs = 400;
    return [
      began(0),
      ...raw.map(({ waitMs, kind, key, down: isDown }): ScannerInput => {
        nowMs += waitMs;
        if (kind === 'began') return began(nowMs, ...(isDown ? [key] : []));
        if (kind === 'lost') return { kind: 'lost', nowMs };
        if (kind === 'contact') return { kind, nowMs, key, closed: isDown };
        return kind === 'time' ? { kind: 'time', nowMs } : { kind: 'edge', nowMs, key, down: isDown, seenMs: nowMs };
      }),
    ];
  };

  it('never throws, never makes more presses than downs, and never one beside another key', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), (raw) => {
        const held = new Map<KeyLevel, number>();
        const stuck = new Set<KeyLevel>();
        let downs = 0;
        let presses = 0;
        let reading = false;
        let state = initialScannerState(SETTINGS);
        let deadlineMs: number | undefined;
        const step = (input: ScannerInput) => {
          const { effects, ...next } = transition(state, input);
          ({ state, nextDeadlineMs: deadlineMs } = next);
          for (const effect of effects) {
            if (effect.kind === 'stuck') {
              // Never too early: it may be told late, and not at all sooner.
              expect(input.nowMs - (held.get(effect.key) ?? Infinity)).toBeGreaterThanOrEqual(SETTINGS.stuckMs);
              stuck.add(effect.key);
            }
            if (effect.kind === 'freed') stuck.delete(effect.key);
            if (effect.kind !== 'press') continue;
            presses += 1;
            expect(stuck.has(effect.key)).toBe(false);
            // What is due before an edge is told before it, so `held` is still what it was when the press stood.
            const others = [...held.keys()].filter((key) => key !== effect.key && !stuck.has(key));
            expect(others).toEqual([]);
          }
          if (input.kind === 'began') {
            reading = true;
            held.clear();
            for (const key of input.down) held.set(key, input.nowMs);
          } else if (input.kind === 'lost') reading = false;
          else if (input.kind === 'edge' && reading) {
            if (!input.down) held.delete(input.key);
            else if (!held.has(input.key)) {
              held.set(input.key, input.nowMs);
              downs += 1;
            }
          }
          expect(presses).toBeLessThanOrEqual(downs);
        };
        for (const input of asInputs(raw)) {
          while (deadlineMs !== undefined && deadlineMs <= input.nowMs) step({ kind: 'time', nowMs: deadlineMs });
          step(input);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('tells every lone key that is pressed for long enough', () => {
    const taps = fc.array(
      fc.record({
        key: fc.constantFrom<KeyLevel>(1, 2, 3, 4, 5),
        holdMs: fc.integer({ min: 11, max: 900 }),
        restMs: fc.integer({ min: 11, max: 500 }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(taps, (list) => {
        let nowMs = 400;
        const inputs = list.flatMap(({ key, holdMs, restMs }) => {
          const pair = [down(nowMs, key), up(nowMs + holdMs, key)];
          nowMs += holdMs + restMs;
          return pair;
        });
        const pressed = run([began(0), ...inputs], nowMs + 1_000).flatMap((effect) =>
          effect.kind === 'press' ? [effect.key] : [],
        );
        expect(pressed).toEqual(list.map((tap) => tap.key));
      }),
      { numRuns: 200 },
    );
  });
});
