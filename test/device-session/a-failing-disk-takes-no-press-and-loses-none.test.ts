import { expect, it } from 'vitest';
import { CASE, counterAtWork } from './counter-at-work.js';

it('a press that cannot be written is not shown as taken; the next one tries again', () => {
  const { counter, board, log, time, story, entries } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  story.length = 0;
  log.broken = true;
  time.advance(50_000);
  board.press(2);
  expect(story).toEqual(['no commit', 'says press-not-taken', 'shows invited']);
  expect(counter.press(2, 'touch')).toEqual({ ok: false, code: 'log-write-failed' });
  expect(counter.health().log).toBe('degraded');

  // The citizen is there: the invitation is extended for another try.
  time.advance(50_000);
  log.broken = false;
  board.press(4);
  expect(story.slice(-4)).toEqual(['commit press', 'lamps accepted', 'accepted', 'shows pressed']);
  expect(counter.health().log).toBe('connected');
  time.advance(5_000);
  expect(entries().map(({ kind }) => kind)).toEqual(['duty.on', 'service.opened', 'press', 'rating']);
});

it('a change of mind that cannot be written leaves the press that stands', () => {
  const { counter, board, log, time, entries } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(5);
  log.broken = true;
  board.press(1);
  log.broken = false;
  time.advance(5_000);
  expect(entries().at(-1)?.body).toMatchObject({ level: 5, cause: 'time-over' });
});

it('a closing that cannot be written is tried again until it stands', () => {
  const { counter, board, log, time, story, entries } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(5);
  log.broken = true;
  time.advance(35_000);
  const tries = story.filter((word) => word === 'no commit').length;
  expect(tries).toBeGreaterThan(3);
  expect(tries).toBeLessThan(12);
  expect(counter.snapshot().state).toBe('pressed');
  log.broken = false;
  time.advance(10_000);
  expect(entries().map(({ kind }) => kind)).toEqual(['duty.on', 'service.opened', 'press', 'rating']);
  expect(counter.snapshot().state).toBe('idle');
});

it('what staff or gateway ask for is answered with the reason and not done', () => {
  const { counter, log } = counterAtWork();
  log.broken = true;
  expect(counter.dutyOn('A1')).toEqual({ ok: false, code: 'log-write-failed' });
  expect(counter.snapshot().state).toBe('offDuty');
});
