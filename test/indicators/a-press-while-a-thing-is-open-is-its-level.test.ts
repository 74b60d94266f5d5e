import { describe, expect, onTestFinished, test } from 'vitest';
import { transition } from '../../device/core/session.js';
import { HallConfig } from '../../device/hall-config.js';
import { LEVELS, namedList, policySchema, REASONS, type Level, type ServiceFacts } from '../../protocol/index.js';
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { counterAtWork, type CounterAtWork } from '../device-session/counter-at-work.js';
import { at, INPUTS, NOW_MS, POLICY, STATES } from '../device-session/table-fixtures.js';

const THEME: ServiceFacts = {
  serviceId: 'S1',
  caseNo: '2026-0001',
  stage: 'completion',
  matters: [
    { code: 'M-1', label: '社会保险登记' },
    { code: 'M-2', label: '公积金缴存' },
  ],
};

function atWork(): CounterAtWork {
  const work = counterAtWork();
  work.counter.dutyOn('A1');
  work.counter.open(THEME, 'command');
  work.story.length = 0;
  return work;
}

const bodies = (work: CounterAtWork, kind: string) =>
  work.entries().flatMap((entry) => (entry.kind === kind ? [entry.body] : []));

describe('while a thing is on the screen', () => {
  test('a press by key or finger is its level, and the rating stays what it is', () => {
    const work = atWork();
    const { counter, board } = work;
    board.press(4);
    expect(counter.openThing(0)).toEqual({ ok: true });
    board.press(1);
    expect(counter.choice()).toEqual({ level: 4, reasons: [], mark: 1 });
    // Pressed again it is marked anew: the same thing stays on the screen.
    expect(counter.press(2, 'touch')).toEqual({ ok: true });
    expect(counter.openThing(1)).toEqual({ ok: true });
    board.press(5);
    expect(counter.openThing(2)).toEqual({ ok: false, code: 'thing-unknown' });
    counter.openReasons();
    expect(counter.chooseReasons(['406', '413'])).toEqual({ ok: true });
    work.time.advance(20_001);
    const marks = [
      { of: 'matter', code: 'M-1', level: 2 },
      { of: 'matter', code: 'M-2', level: 5 },
    ];
    expect(bodies(work, 'press')).toHaveLength(1);
    expect(bodies(work, 'reasons').at(-1)).toMatchObject({ codes: ['406', '413'], list: 'national-1', marks });
    expect(bodies(work, 'rating')).toMatchObject([{ level: 4, cause: 'time-over', reasons: ['406', '413'], marks }]);
  });

  test('it stands in the log before lamp and screen say so, and not at all where the disk fails', () => {
    const work = atWork();
    work.board.press(3);
    work.counter.openThing(0);
    work.story.length = 0;
    work.board.press(4);
    expect(work.story[0]).toBe('commit reasons');
    expect(work.story.slice(1)).toContain('accepted');
    work.log.broken = true;
    work.story.length = 0;
    expect(work.counter.press(1, 'touch')).toEqual({ ok: false, code: 'log-write-failed' });
    expect(work.story).toEqual(['no commit', 'says press-not-taken', 'shows pressed']);
    expect(work.counter.choice()?.mark).toBe(4);
  });

  test('the whole may be changed in its time once the citizen is back, and then single levels begin anew', () => {
    const work = atWork();
    work.board.press(3);
    work.counter.openThing(0);
    work.board.press(4);
    expect(work.counter.done()).toEqual({ ok: true });
    work.board.press(2);
    work.time.advance(5_001);
    expect(bodies(work, 'rating')).toMatchObject([{ level: 2 }]);
    expect(bodies(work, 'rating')[0]).not.toHaveProperty('marks');
  });

  test('every level takes the same steps, entries and time (I6)', () => {
    const told = LEVELS.map((level: Level) => {
      const work = atWork();
      work.board.press(level);
      work.counter.openThing(0);
      work.board.press(level);
      work.counter.openThing(1);
      work.board.press(level);
      work.counter.done();
      const seen = JSON.stringify([work.counter.snapshot(), work.counter.questions()]);
      work.time.advance(5_001);
      return { story: work.story, kinds: work.entries().map(({ kind }) => kind), seen, lines: work.lines.length };
    });
    for (const one of told) expect(one).toEqual(told[0]);
    expect(told[0]?.kinds.filter((kind) => kind === 'reasons')).toHaveLength(2);
    // What screens may read says that a thing has its level, and not which.
    expect(told[0]?.seen).toContain('"isMarked":true');
    expect(told[0]?.seen).not.toContain('"level"');
  });

  test('a program that dies in between goes on with the levels that it had taken', () => {
    const work = atWork();
    work.board.press(5);
    work.counter.openThing(0);
    work.board.press(3);
    const again = work.restart();
    expect(again.counter.questions()).toMatchObject({
      marking: null,
      things: [{ isMarked: true }, { isMarked: false }],
    });
    again.time.advance(5_001);
    expect(bodies(again, 'rating')).toMatchObject([{ level: 5, marks: [{ of: 'matter', code: 'M-1', level: 3 }] }]);
    const later = atWork();
    later.board.press(5);
    later.counter.openThing(1);
    later.board.press(1);
    const booted = later.restart({ bootId: 'bootBBBBBBB' });
    expect(bodies(booted, 'rating')).toMatchObject([{ cause: 'restart', marks: [{ code: 'M-2', level: 1 }] }]);
  });
});

test('the list that was settled when the service opened is the one that counts, whatever the hall wishes meanwhile', () => {
  const own = namedList(
    nodeSuite,
    'hall-2',
    LEVELS.map((level) => ({ code: `${level}x`, zh: '窗口', en: 'Window' })),
  );
  const asked = { list: own, things: [] };
  const opened = transition(STATES.idle, { ...INPUTS.open, asked }, POLICY).state;
  const pressed = transition(opened, { ...INPUTS.press, now: at(NOW_MS + 1) }, POLICY).state;
  const choose = (...codes: string[]) => transition(pressed, { ...INPUTS.reasons, now: at(NOW_MS + 2), codes }, POLICY);
  expect(choose('406').effects).toEqual([{ type: 'answer', ok: false, code: 'reason-unknown' }]);
  expect(choose('4x').effects[0]).toMatchObject({ drafts: [{ body: { codes: ['4x'], list: own.id } }] });
});

describe('what the hall wishes', () => {
  const policy = readConfiguration('gateway/policies/default.yaml', policySchema, 'policy-invalid');
  const other = namedList(
    nodeSuite,
    'hall-2',
    REASONS.map(({ code, zh, en }) => ({ code: `${code}x`, zh, en })),
  );
  const message = { v: 1, window: '3', policyId: 'p@1', policy: policy.terminal } as const;

  function configOf(work: CounterAtWork): HallConfig {
    const config = new HallConfig(work.terminalLog, { policy, policyId: 'p@1', window: undefined });
    config.start();
    return config;
  }

  test('is kept beside the log, and a list that is not what its name tells of is left aside', () => {
    const work = counterAtWork();
    onTestFinished(() => work.terminalLog.close());
    const config = configOf(work);
    expect(config.wishes()).toEqual({ list: { id: 'national-1', reasons: REASONS }, indicators: [] });
    const indicators = [
      { code: 'guide', zh: '办事指南', en: 'Guide', stages: ['completion' as const], askedAt: ['terminal' as const] },
    ];
    config.take({ ...message, indicators, reasons: { id: other.id, reasons: [...other.reasons] } });
    expect(configOf(work).wishes()).toEqual({ list: other, indicators });
    config.take({ ...message, indicators, reasons: { id: other.id, reasons: [...REASONS] } });
    expect(config.wishes().list).toEqual(other);
    expect(config.window()).toBe('3');
  });
});
