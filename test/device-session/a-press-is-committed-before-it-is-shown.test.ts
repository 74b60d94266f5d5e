import { expect, it } from 'vitest';
import { CASE, counterAtWork } from './counter-at-work.js';

it('nothing is shown of a service or a press before its commit (I4)', () => {
  const { counter, board, time, story, entries } = counterAtWork();
  counter.dutyOn('A1');
  expect(counter.open(CASE, 'command')).toEqual({ ok: true });
  story.length = 0;

  board.press(2);
  expect(story).toEqual(['commit press', 'lamps accepted', 'accepted', 'shows pressed']);

  time.advance(5_000);
  expect(story.slice(4)).toEqual(['commit rating', 'lamps idle', 'shows idle']);
  expect(entries().map(({ kind }) => kind)).toEqual(['duty.on', 'service.opened', 'press', 'rating']);
  const [, opened, press, rating] = entries();
  expect(opened?.body).toEqual({ ...CASE, origin: 'command', window: '12', staffNo: 'A1', policy: 'test@1' });
  expect(rating?.body).toEqual({ id: press?.body['id'], serviceId: 'S1', level: 2, cause: 'time-over' });
});

it('a next service closes the one before in one commit', () => {
  const { counter, board, story, entries } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(3);
  story.length = 0;
  counter.open({ ...CASE, serviceId: 'S2' }, 'command');
  expect(story).toEqual(['commit rating service.opened', 'lamps invited', 'shows invited']);
  expect(entries().at(-2)?.body).toMatchObject({ serviceId: 'S1', level: 3, cause: 'next-service' });
});

it('a change of mind counts, is seen as a blink, and does not move the deadline', () => {
  const { counter, board, time, story, entries } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(5);
  time.advance(4_000);
  story.length = 0;
  board.press(1);
  expect(story).toEqual(['commit press', 'lamps off', 'accepted', 'shows pressed']);
  time.advance(80);
  expect(story.at(-1)).toBe('lamps accepted');
  time.advance(919);
  expect(counter.snapshot().state).toBe('pressed');
  time.advance(1);
  expect(counter.snapshot().state).toBe('idle');
  expect(entries().at(-1)?.body).toMatchObject({ level: 1, cause: 'time-over' });
});

it('a blink under way does not light the lamp again after the session has closed', () => {
  const { counter, board, time, story } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(5);
  time.advance(4_990);
  board.press(4);
  time.advance(1_000);
  expect(story.filter((word) => word.startsWith('lamps')).slice(-2)).toEqual(['lamps off', 'lamps idle']);
});

it('a key that went down before the opening is not a press for it', () => {
  const { counter, board, time, story, entries } = counterAtWork();
  counter.dutyOn('A1');
  const downMs = time.monoMs();
  time.advance(20);
  counter.open(CASE, 'command');
  board.press(5, downMs);
  expect(story.at(-1)).toBe('says nothing-open');
  expect(entries().map(({ kind }) => kind)).not.toContain('press');
});

it('a touch on the screen extends the invitation; silence ends it unrated', () => {
  const { counter, time, entries } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  time.advance(59_000);
  counter.touch();
  time.advance(59_000);
  expect(counter.snapshot()).toMatchObject({ state: 'invited', remainingMs: 1_000 });
  time.advance(1_000);
  expect(entries().at(-1)).toMatchObject({ kind: 'unrated', body: { serviceId: 'S1', cause: 'time-over' } });
});

it('two keys at once record nothing and say so', () => {
  const { counter, board, story, entries } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.events.chord();
  expect(story).toContain('says one-key-only');
  expect(entries().at(-1)?.kind).toBe('service.opened');
});

it('an ended service is not opened again', () => {
  const { counter, board, time } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(3);
  time.advance(5_000);
  expect(counter.open(CASE, 'command')).toEqual({ ok: false, code: 'service-over' });
});

it('neither snapshot, followers nor log lines hold a level (I6)', () => {
  const [best, worst] = ([5, 1] as const).map((level) => {
    const { counter, board, time, story, lines } = counterAtWork();
    const heard: unknown[] = [];
    counter.subscribe((event) => heard.push(event));
    counter.dutyOn('A1');
    counter.open({ ...CASE, matter: { name: '离婚登记', label: '婚姻登记' } }, 'command');
    board.setLink('connected');
    board.press(level);
    const during = counter.snapshot();
    time.advance(5_000);
    expect(lines.length).toBeGreaterThan(0);
    return {
      story,
      heard,
      during,
      after: counter.snapshot(),
      lines: lines.map((line) => line.replace(/"time":"[^"]*"/, '')),
    };
  });
  expect(best).toEqual(worst);
  expect(best?.during).toEqual({
    state: 'pressed',
    staffNo: 'A1',
    serviceId: 'S1',
    caseNo: '2026-0001',
    matter: '婚姻登记',
    stage: 'completion',
    remainingMs: 5_000,
    totalMs: 5_000,
    canChange: true,
    reasonsOpen: false,
  });
});
