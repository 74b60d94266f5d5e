/** Contacts that are told ahead of their debouncing: a press comes sooner, and no chord is taken for one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  CONTACT_WAIT_MS,
  initialScannerState,
  transition,
  type ScannerEffect,
  type ScannerInput,
} from '../../hw/keys/key-scanner.js';
import type { KeyLevel } from '../../hw/ports/counter-board.js';

const SETTINGS = { debounceMs: 7, chordWindowMs: 10, stuckMs: 1_000, armUpMs: 300 };

/** What a contact does: closes or opens, at so many ms. */
interface Move {
  readonly atMs: number;
  readonly key: KeyLevel;
  readonly closed: boolean;
}

/** Contacts, and the edges that a debouncer of 7 ms makes of them, as the driver tells both. */
function asInputs(moves: readonly Move[], withContacts: boolean): ScannerInput[] {
  const inputs: ScannerInput[] = [];
  for (const [index, { atMs, key, closed }] of moves.entries()) {
    if (withContacts) inputs.push({ kind: 'contact', nowMs: atMs, key, closed });
    const next = moves.slice(index + 1).find((later) => later.key === key);
    if (next && next.atMs < atMs + SETTINGS.debounceMs) continue;
    const nowMs = atMs + SETTINGS.debounceMs;
    inputs.push({ kind: 'edge', nowMs, key, down: closed, seenMs: atMs });
  }
  return inputs.sort((one, other) => one.nowMs - other.nowMs);
}

function run(inputs: readonly ScannerInput[]): (ScannerEffect & { atMs: number })[] {
  let state = initialScannerState(SETTINGS);
  let deadlineMs: number | undefined;
  const told: (ScannerEffect & { atMs: number })[] = [];
  const step = (input: ScannerInput) => {
    const next = transition(state, input);
    state = next.state;
    deadlineMs = next.nextDeadlineMs;
    told.push(...next.effects.map((effect) => ({ ...effect, atMs: input.nowMs })));
  };
  const ring = (beforeMs: number) => {
    while (deadlineMs !== undefined && deadlineMs < beforeMs) step({ kind: 'time', nowMs: deadlineMs });
  };
  for (const input of [{ kind: 'began', nowMs: -1_000, down: [] } as const, ...inputs]) {
    ring(input.nowMs);
    step(input);
  }
  ring(900);
  return told.filter(({ kind }) => kind !== 'armed');
}

const finger = (key: KeyLevel, downMs: number, upMs: number): Move[] => [
  { atMs: downMs, key, closed: true },
  { atMs: upMs, key, closed: false },
];
const together = (...moves: readonly Move[][]) => moves.flat().sort((one, other) => one.atMs - other.atMs);

it('a lone key is a press 10 ms after it closed, and 17 ms where contacts are not told', () => {
  const moves = finger(4, 0, 120);
  expect(run(asInputs(moves, true))).toEqual([{ kind: 'press', key: 4, seenMs: 0, atMs: 10 }]);
  expect(run(asInputs(moves, false))).toEqual([{ kind: 'press', key: 4, seenMs: 0, atMs: 17 }]);
});

it('a second key that closes in the last moment of the window makes a chord, though it is debounced later', () => {
  const told = run(asInputs(together(finger(4, 0, 120), finger(2, 9.9, 120)), true));
  expect(told).toEqual([{ kind: 'chord', atMs: 16.9 }]);
});

it('a second contact that was only grazed holds the press up until it is at rest, and no longer', () => {
  const told = run(asInputs(together(finger(4, 0, 120), finger(2, 9, 10)), true));
  expect(told).toEqual([{ kind: 'press', key: 4, seenMs: 0, atMs: 17 }]);
});

it('a second contact that closes after the window holds nothing up', () => {
  const told = run(asInputs(together(finger(4, 0, 40), finger(2, 10.5, 12)), true));
  expect(told).toEqual([{ kind: 'press', key: 4, seenMs: 0, atMs: 10 }]);
});

it('a contact that buzzes without end holds another press up for CONTACT_WAIT_MS at most', () => {
  const buzz = Array.from({ length: 200 }, (_, n): Move => ({ atMs: n * 3, key: 1, closed: n % 2 === 0 }));
  const told = run(asInputs(together(buzz, finger(5, 100, 300)), true));
  expect(told[0]).toEqual({ kind: 'press', key: 5, seenMs: 100, atMs: 110 + CONTACT_WAIT_MS });
});

it('what moved before the keys were lost counts no more', () => {
  const told = run([
    { kind: 'contact', nowMs: 0, key: 2, closed: true },
    { kind: 'lost', nowMs: 1 },
    { kind: 'contact', nowMs: 1.5, key: 3, closed: true },
    { kind: 'began', nowMs: 2, down: [] },
    ...asInputs(finger(4, 400, 500), true),
  ]);
  expect(told).toEqual([{ kind: 'press', key: 4, seenMs: 400, atMs: 410 }]);
});

it('no chord is lost by it: whatever was a chord and no press without contacts, is with them', () => {
  const bounces = (key: KeyLevel) =>
    fc
      .tuple(fc.integer({ min: 0, max: 300 }), fc.array(fc.integer({ min: 2, max: 60 }), { maxLength: 4 }), fc.nat(800))
      .map(([startTenths, gapsTenths, holdTenths]) => {
        // An odd number of moves before it rests closed, then it opens.
        const gaps = gapsTenths.length % 2 === 0 ? gapsTenths : gapsTenths.slice(1);
        let at = startTenths;
        const times = [at, ...gaps.map((gap) => (at += gap)), (at += 80 + holdTenths)];
        return times.map((tenths, n): Move => ({ atMs: tenths / 10, key, closed: n % 2 === 0 }));
      });
  let chords = 0;
  fc.assert(
    fc.property(bounces(4), bounces(2), (one, other) => {
      const moves = together(one, other);
      const before = run(asInputs(moves, false)).map(({ kind }) => kind);
      if (before.join() !== 'chord') return;
      chords += 1;
      expect(run(asInputs(moves, true)).map(({ kind }) => kind)).toEqual(['chord']);
    }),
    { numRuns: 2_000 },
  );
  expect(chords).toBeGreaterThan(200);
});
