import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESTING, transitionCheck } from '../../device/core/self-check.js';
import {
  CHECK_STEPS,
  checkResult,
  itemsOf,
  SELF_CHECK_ITEMS,
  type Finding,
} from '../../device/core/self-check-items.js';
import type { CheckInput, CheckState, Equipment } from '../../device/core/self-check-state.js';
import type { EntryBody } from '../../protocol/index.js';

const ALL: Equipment = { board: true, keypad: true, sound: true, printer: true };
const at = (monoMs: number) => ({ wallMs: 1_790_000_000_000 + monoMs, monoMs, bootId: 'bootAAAAAAA' });
const passed = (step: (typeof CHECK_STEPS)[number]): Finding[] =>
  itemsOf(step).map((item) => ({ item, result: 'pass' }));

class Run {
  state: CheckState = RESTING;
  readonly records: { body: EntryBody<'selfcheck'>; monoMs: number }[] = [];
  readonly refusals: string[] = [];
  monoMs = 0;

  take(input: CheckInput): void {
    const step = transitionCheck(this.state, input);
    this.state = step.state;
    for (const effect of step.effects) {
      if (effect.type === 'record') this.records.push({ body: effect.body, monoMs: input.now.monoMs });
      if (effect.type === 'answer' && effect.code !== null) this.refusals.push(effect.code);
    }
  }

  start(equipment = ALL): this {
    this.take({ type: 'start', now: at(this.monoMs), id: 'check000001', staffNo: 'A1', equipment });
    return this;
  }

  pass(step: 'automatic'): void {
    const turn = this.state.name === 'checking' ? this.state.turn : 0;
    this.take({ type: 'found', now: at(this.monoMs), turn, findings: passed(step) });
  }

  get asked(): string | undefined {
    return this.state.name === 'checking' ? this.state.left[0] : undefined;
  }
}

const somewhat: fc.Arbitrary<(run: Run) => CheckInput> = fc.oneof(
  fc
    .integer({ min: 1, max: 5 })
    .map((level) => (run: Run) => ({ type: 'key', now: at(run.monoMs), level, via: 'key' }) as const),
  fc.constant((run: Run) => ({ type: 'chord', now: at(run.monoMs) }) as const),
  fc.constant((run: Run) => ({ type: 'touch', now: at(run.monoMs), target: run.asked ?? '' }) as const),
  fc.boolean().map((ok) => (run: Run) => {
    const { step = '', left = [] } = run.state.name === 'checking' ? run.state : {};
    const [item = ''] = left;
    return { type: 'answer', now: at(run.monoMs), step, target: item.replace(/^screen-/, ''), ok } as const;
  }),
  fc.constantFrom(...CHECK_STEPS).map((step) => (run: Run) => ({ type: 'again', now: at(run.monoMs), step }) as const),
  fc.boolean().map(
    (ok) => (run: Run) =>
      ({
        type: 'printed',
        now: at(run.monoMs),
        turn: run.state.name === 'checking' ? run.state.turn : 0,
        ok,
      }) as const,
  ),
  fc.boolean().map(
    (ok) => (run: Run) =>
      ({
        type: 'played',
        now: at(run.monoMs),
        turn: run.state.name === 'checking' ? run.state.turn : 0,
        ok,
      }) as const,
  ),
  fc.constant(
    (run: Run) =>
      ({
        type: 'found',
        now: at(run.monoMs),
        turn: run.state.name === 'checking' ? run.state.turn : 0,
        findings: passed('automatic'),
      }) as const,
  ),
  fc.constant((run: Run) => ({ type: 'time', now: at(run.monoMs) }) as const),
);

describe('a check', () => {
  it('ends in ninety seconds whatever is done, with one record that names each item once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(somewhat, fc.integer({ min: 0, max: 6_000 })), { maxLength: 80 }), (happenings) => {
        const run = new Run().start();
        for (const [make, afterMs] of happenings) {
          run.monoMs += afterMs;
          run.take(make(run));
          if (run.records.length > 0) break;
        }
        // The timer, as the shell hears it.
        while (run.state.name === 'checking') {
          run.monoMs = Math.max(run.monoMs, run.state.deadlineMonoMs);
          run.take({ type: 'time', now: at(run.monoMs) });
        }
        expect(run.records).toHaveLength(1);
        const [record] = run.records;
        expect(record?.body.items.map(({ item }) => item)).toEqual(SELF_CHECK_ITEMS.map(({ item }) => item));
        for (const { item, result, code } of record?.body.items ?? []) {
          const codes: readonly string[] = SELF_CHECK_ITEMS.find((row) => row.item === item)?.codes ?? [];
          if (code !== undefined) expect([...codes, `${item}-unanswered`]).toContain(code);
          if (result === 'fail' || result === 'limited') expect(code).toBeDefined();
        }
        if (happenings.every(([, afterMs]) => afterMs < 6_000)) expect(record?.monoMs).toBeLessThanOrEqual(96_000);
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  });

  it('that nobody answers gives each thing its patience, and at ninety seconds names all that is left', () => {
    const run = new Run().start();
    run.monoMs = 2_000;
    run.pass('automatic');
    while (run.state.name === 'checking') {
      run.monoMs = run.state.deadlineMonoMs;
      run.take({ type: 'time', now: at(run.monoMs) });
    }
    expect(run.monoMs).toBe(90_000);
    const codes = Object.fromEntries(run.records[0]?.body.items.map(({ item, code }) => [item, code]) ?? []);
    expect(codes).toMatchObject({
      'key-5': 'key-silent',
      'key-1': 'key-silent',
      'lamp-invited': 'lamp-invited-unanswered',
      'touch-1': 'touch-silent',
      'touch-5': 'touch-5-unanswered',
      'screen-red': 'screen-red-unanswered',
      slip: 'slip-unanswered',
    });
    expect(run.records[0]?.body.result).toBe('fail');
  });

  it('that hears nothing of its own probes gives them up after ten seconds, by name', () => {
    const run = new Run().start();
    run.monoMs = 10_000;
    run.take({ type: 'time', now: at(10_000) });
    expect(run.state).toMatchObject({ step: 'keys' });
    expect(run.state.name === 'checking' && run.state.done[0]).toEqual({
      item: 'log-integrity',
      result: 'fail',
      code: 'log-integrity-unanswered',
    });
  });

  it('takes an answer for what is asked only, and no word for a key', () => {
    const run = new Run().start();
    const say = (step: string, target: string, ok: boolean) =>
      run.take({ type: 'answer', now: at(0), step, target, ok });
    say('keys', 'key-5', false);
    run.pass('automatic');
    say('lamps', 'lamp-invited', true);
    say('keys', 'key-4', false);
    say('keys', 'key-5', true);
    run.take({ type: 'touch', now: at(0), target: 'touch-1' });
    run.take({ type: 'again', now: at(0), step: 'sound' });
    expect(run.refusals).toEqual(Array<string>(6).fill('selfcheck-step'));
    expect(run.asked).toBe('key-5');
    say('keys', 'key-5', false);
    expect(run.asked).toBe('key-4');
    expect(run.state.name === 'checking' && run.state.done.at(-1)).toEqual({
      item: 'key-5',
      result: 'fail',
      code: 'key-silent',
    });
  });

  it('repeats a step, or goes back to an earlier one, and forgets what it had found there', () => {
    const run = new Run().start();
    run.pass('automatic');
    run.take({ type: 'key', now: at(0), level: 1, via: 'key' });
    run.take({ type: 'again', now: at(0) });
    expect(run.state).toMatchObject({ step: 'keys', attempt: 2 });
    expect(run.asked).toBe('key-5');
    for (const level of [5, 4, 3, 2, 1]) run.take({ type: 'key', now: at(0), level, via: 'touch' });
    expect(run.asked).toBe('lamp-invited');
    run.take({ type: 'again', now: at(0), step: 'automatic' });
    expect(run.state).toMatchObject({ step: 'automatic', done: [] });
    // An answer of the first time round is not of this one.
    run.take({ type: 'found', now: at(0), turn: 1, findings: passed('automatic') });
    expect(run.state).toMatchObject({ step: 'automatic', done: [] });
  });

  it('asks for nothing that is not there, nor for what is known to be lost', () => {
    const run = new Run().start({ board: false, keypad: false, sound: false, printer: false });
    const findings = passed('automatic').map((one) =>
      one.item === 'screen' ? ({ item: 'screen', result: 'fail', code: 'screen-lost' } as const) : one,
    );
    run.take({ type: 'found', now: at(0), turn: 1, findings });
    expect(run.state).toBe(RESTING);
    const of = (prefix: string) => run.records[0]?.body.items.filter(({ item }) => item.startsWith(prefix)).slice(-1);
    expect(of('key-')).toEqual([{ item: 'key-1', result: 'skipped' }]);
    expect(of('touch-')).toEqual([{ item: 'touch-5', result: 'skipped', code: 'screen-lost' }]);
    expect(of('slip')).toEqual([{ item: 'slip', result: 'skipped' }]);
    // Without keys and without a screen nobody can rate.
    expect(run.records[0]?.body.result).toBe('fail');
  });

  it('takes the keys of a keypad from the page, and those of a board from the board only', () => {
    const board = new Run().start({ ...ALL, keypad: false });
    board.pass('automatic');
    board.take({ type: 'key', now: at(0), level: 5, via: 'touch' });
    expect(board.asked).toBe('key-5');
    const keypad = new Run().start({ ...ALL, board: false });
    keypad.pass('automatic');
    keypad.take({ type: 'key', now: at(0), level: 5, via: 'key' });
    expect(keypad.asked).toBe('key-5');
    keypad.take({ type: 'key', now: at(0), level: 5, via: 'touch' });
    expect(keypad.asked).toBe('key-4');
  });
});

describe('the result', () => {
  const all: readonly Finding[] = SELF_CHECK_ITEMS.map(({ item }) => ({ item, result: 'pass' }));
  const without = (...items: readonly string[]) =>
    all.map((one) => (items.includes(one.item) ? { ...one, result: 'fail' as const, code: 'x' } : one));

  it.each([
    ['pass', []],
    ['limited', ['paper']],
    ['limited', ['key-3']],
    ['limited', ['touch-2']],
    ['limited', ['screen', 'touch-1']],
    ['fail', ['key-3', 'touch-2']],
    ['fail', ['key-3', 'screen']],
    ['fail', ['log-write']],
    ['fail', ['log-space']],
  ] as const)('is %s without %j', (result, items) => {
    expect(checkResult(without(...items))).toBe(result);
  });
});
