import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areMarksOf, LEVELS, type Level, type Mark } from '../../protocol/index.js';
import type { Draft, Effect } from '../../device/core/session-effect.js';
import type { SessionInput, ServiceStanding } from '../../device/core/session-input.js';
import type { SessionState } from '../../device/core/session-state.js';
import { notTaken, transition } from '../../device/core/session.js';
import { ASKED, at, POLICY, service } from './table-fixtures.js';

type Action =
  | { readonly do: 'open' | 'cancel'; readonly serviceId: string }
  | { readonly do: 'press'; readonly level: Level }
  | { readonly do: 'dutyOn'; readonly staffNo: string }
  | { readonly do: 'reasons'; readonly codes: readonly string[] }
  | { readonly do: 'thing'; readonly index: number }
  | {
      readonly do:
        | 'later'
        | 'reasonsOpen'
        | 'done'
        | 'chord'
        | 'touch'
        | 'time'
        | 'dutyOff'
        | 'pause'
        | 'resume'
        | 'fault'
        | 'recover';
    };

const serviceId = fc.constantFrom('S1', 'S2', 'S3', 'S4');
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('open' as const), serviceId }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('press' as const), level: fc.constantFrom(...LEVELS) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), serviceId }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('dutyOn' as const), staffNo: fc.constantFrom('A1', 'B2') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('chord', 'touch', 'time', 'resume', 'recover') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('later', 'reasonsOpen', 'done') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('reasons' as const),
      codes: fc.uniqueArray(fc.constantFrom('510', '511', '406', '307', '207', '108'), { maxLength: 2 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('thing' as const), index: fc.constantFrom(0, 0, 0, 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('dutyOff', 'pause', 'fault') }) },
);
const happening = fc.record({
  action,
  afterMs: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 70_000 })),
  appendFails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

/** The log as the promises are about it, and what was told. */
class Run {
  state: SessionState = { name: 'offDuty' };
  readonly entries: { readonly draft: Draft; readonly monoMs: number }[] = [];
  #monoMs = 1_000;
  #presses = 0;

  step(what: Action, afterMs: number, appendFails: boolean): void {
    this.#monoMs += afterMs;
    const before = this.state;
    const input = this.#input(what);
    let step = transition(before, input, POLICY);
    const appends = step.effects.filter((effect) => effect.type === 'append');
    expect(appends.length).toBeLessThanOrEqual(1);
    if (appends.length === 1) expect(step.effects[0]?.type).toBe('append');
    expectOneAnswer(input, step.effects);
    if (appends.length === 1 && appendFails) {
      step = notTaken(before, input, POLICY, 'log-write-failed');
      expect(step.effects.some(({ type }) => type === 'append' || type === 'accepted' || type === 'lamps')).toBe(false);
      expect(step.state.name).toBe(before.name);
      expectOneAnswer(input, step.effects);
    } else {
      for (const effect of appends)
        this.entries.push(...effect.drafts.map((draft) => ({ draft, monoMs: this.#monoMs })));
    }
    const accepted = step.effects.some(({ type }) => type === 'accepted');
    // A press is the rating, or the level of the thing that is on the screen; either way it stands before it is shown.
    const isMark = before.name === 'pressed' && before.marking !== null && appends.length === 1 && !appendFails;
    const isPress = this.entries.some(({ draft }) => draft.kind === 'press' && draft.body.id === idOf(input));
    const marks = isMark && appends[0]?.drafts.every(({ kind }) => kind === 'reasons') === true;
    expect(accepted).toBe(input.type === 'press' && (isPress || marks));
    this.state = step.state;
  }

  #input(what: Action): SessionInput {
    const now = at(this.#monoMs);
    switch (what.do) {
      case 'open':
        return {
          type: 'open',
          now,
          service: service(what.serviceId),
          standing: this.#standing(what.serviceId),
          origin: 'local',
          window: undefined,
          policyId: 'p@1',
          asked: ASKED,
        };
      case 'cancel':
        return { type: 'cancel', now, serviceId: what.serviceId, standing: this.#standing(what.serviceId) };
      case 'press':
        this.#presses += 1;
        return {
          type: 'press',
          now,
          id: `press${String(this.#presses).padStart(6, '0')}`,
          level: what.level,
          via: 'key',
        };
      case 'dutyOn':
        return { type: 'dutyOn', now, staffNo: what.staffNo };
      case 'reasons':
        return { type: 'reasons', now, codes: what.codes };
      case 'thing':
        return { type: 'thing', now, index: what.index };
      case 'pause':
        return { type: 'pause', now, reason: 'tea' };
      default:
        return { type: what.do, now };
    }
  }

  #standing(id: string): ServiceStanding {
    const of = this.entries.filter(({ draft }) => 'serviceId' in draft.body && draft.body.serviceId === id);
    if (of.length === 0) return 'unknown';
    return of.some(({ draft }) => draft.kind === 'rating' || draft.kind === 'unrated') ? 'ended' : 'open';
  }
}

function idOf(input: SessionInput): string {
  return input.type === 'press' ? input.id : '';
}

function expectOneAnswer(input: SessionInput, effects: readonly Effect[]): void {
  const asked = !['chord', 'touch', 'time', 'fault', 'recover'].includes(input.type);
  expect(effects.filter(({ type }) => type === 'answer').length).toBe(asked ? 1 : 0);
}

/** Reads the log as an auditor would. @returns how many marks stand with ratings. */
function audit(entries: Run['entries']): number {
  let marked = 0;
  let open: string | null = null;
  let presses: { readonly id: string; readonly level: Level; readonly monoMs: number }[] = [];
  let reasons: readonly string[] = [];
  let marks: readonly Mark[] = [];
  const slips = new Set<string>();
  const seen = new Set<string>();
  let duty: string | null = null;
  for (const [index, { draft, monoMs }] of entries.entries()) {
    switch (draft.kind) {
      case 'service.opened':
        expect(open).toBeNull();
        expect(duty).not.toBeNull();
        // It is opened by, and stays with, who is on duty at the time.
        expect(draft.body.staffNo).toBe(duty);
        expect(seen).not.toContain(draft.body.serviceId);
        open = draft.body.serviceId;
        seen.add(open);
        presses = [];
        break;
      case 'press': {
        expect(draft.body.serviceId).toBe(open);
        presses.push({ ...draft.body, monoMs });
        reasons = [];
        marks = [];
        const sinceFirstMs = monoMs - (presses[0]?.monoMs ?? 0);
        expect(sinceFirstMs === 0 || sinceFirstMs < POLICY.changeOfMindMs).toBe(true);
        break;
      }
      case 'reasons':
        expect(draft.body).toMatchObject({ serviceId: open, pressId: presses.at(-1)?.id });
        reasons = draft.body.codes;
        marks = draft.body.marks ?? [];
        expect(areMarksOf(ASKED.things, marks)).toBe(true);
        expect(reasons.every((code) => code.startsWith(String(presses.at(-1)?.level)))).toBe(true);
        break;
      case 'receipt':
        expect(slips).not.toContain(draft.body.serviceId);
        slips.add(draft.body.serviceId);
        break;
      case 'rating':
        expect(draft.body).toMatchObject({ serviceId: open, id: presses.at(-1)?.id, level: presses.at(-1)?.level });
        expect(draft.body.reasons ?? []).toEqual(reasons);
        expect(draft.body.marks ?? []).toEqual(marks);
        marked += marks.length;
        open = null;
        break;
      case 'unrated':
        expect(draft.body.serviceId).toBe(open);
        expect(presses).toEqual([]);
        open = null;
        break;
      case 'duty.on':
        expect(duty).toBeNull();
        duty = draft.body.staffNo;
        break;
      case 'duty.off':
        expect(draft.body.staffNo).toBe(duty);
        // A service outlives who opened it only where somebody takes over in the same commit.
        if (open !== null) expect(entries[index + 1]).toMatchObject({ draft: { kind: 'duty.on' }, monoMs });
        duty = null;
        break;
      default:
        expect(['pause', 'resume']).toContain(draft.kind);
    }
  }
  return marked;
}

describe('whatever happens, in any order', () => {
  it('a service closes at most once, with its last press, and nothing is recorded without one open', () => {
    let rated = 0;
    let unrated = 0;
    let marked = 0;
    fc.assert(
      fc.property(fc.array(happening, { minLength: 30, maxLength: 80 }), (happenings) => {
        const run = new Run();
        run.step({ do: 'dutyOn', staffNo: 'A1' }, 0, false);
        for (const { action: what, afterMs, appendFails } of happenings) {
          run.step(what, afterMs, appendFails);
          // Whoever opened a thing presses.
          if (what.do === 'thing') run.step({ do: 'press', level: 3 }, 900, appendFails);
        }
        marked += audit(run.entries);
        rated += run.entries.filter(({ draft }) => draft.kind === 'rating').length;
        unrated += run.entries.filter(({ draft }) => draft.kind === 'unrated').length;
      }),
      { numRuns: 300, seed: 20_261_121 },
    );
    // The property would hold of an empty log too.
    expect(rated).toBeGreaterThan(200);
    expect(unrated).toBeGreaterThan(200);
    expect(marked).toBeGreaterThan(15);
  });
});
