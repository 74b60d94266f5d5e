import { expect, it } from 'vitest';
import { ClockWatch } from '../../device/counter/clock-watch.js';
import { CASE, counterAtWork } from './counter-at-work.js';

it('a change of the link is one entry, and a lost board does not stop the screen', () => {
  const { counter, board, entries } = counterAtWork();
  board.setLink('connected');
  board.setLink('connected');
  board.setLink('lost');
  board.setLink('lost');
  expect(entries().map(({ body }) => body)).toEqual([
    { part: 'board', state: 'connected' },
    { part: 'board', state: 'lost', code: 'board-lost' },
  ]);
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  expect(counter.press(4, 'touch')).toEqual({ ok: true });
  expect(entries().at(-1)?.body).toMatchObject({ level: 4, via: 'touch' });
  expect(counter.health().board).toBe('lost');
});

it('stuck keys degrade the keys until the last is free, without telling which', () => {
  const { counter, board, entries } = counterAtWork();
  board.events.stuck(2);
  board.events.stuck(5);
  board.events.freed(2);
  expect(counter.health().keys).toBe('degraded');
  board.events.freed(5);
  expect(counter.health().keys).toBe('connected');
  expect(entries().map(({ body }) => body)).toEqual([
    { part: 'keys', state: 'degraded', code: 'key-stuck' },
    { part: 'keys', state: 'connected' },
  ]);
});

it('a board fault that cannot be written stops nothing', () => {
  const { counter, board, log } = counterAtWork();
  log.broken = true;
  board.setLink('lost');
  log.broken = false;
  expect(counter.dutyOn('A1')).toEqual({ ok: true });
});

it('a follower that fails stops nothing', () => {
  const { counter, board, entries } = counterAtWork();
  counter.subscribe(() => {
    throw new Error('screen away');
  });
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(3);
  expect(entries().at(-1)?.kind).toBe('press');
});

it('after stop nothing is waited for, and the lamps are dark', async () => {
  const { counter, board, time, story } = counterAtWork();
  counter.dutyOn('A1');
  counter.open(CASE, 'command');
  board.press(3);
  board.press(4);
  await counter.stop();
  expect(story.at(-1)).toBe('lamps off');
  expect(time.waiting).toBe(0);
});

it('a step of the wall clock of more than two seconds is recorded, once it can be', () => {
  const { log, time, logger, entries } = counterAtWork();
  const watch = new ClockWatch({ clock: time, log, timers: time, logger });
  watch.start();
  time.wallOffsetMs += 2_000;
  time.advance(5_000);
  expect(entries()).toEqual([]);
  const expectedMs = time.wallMs() + 5_000;
  time.wallOffsetMs -= 3_600_000;
  log.broken = true;
  time.advance(5_000);
  expect(entries()).toEqual([]);
  log.broken = false;
  time.advance(5_000);
  expect(entries().map(({ kind, body }) => ({ kind, body }))).toEqual([
    { kind: 'clock.step', body: { fromMs: expectedMs + 5_000, toMs: expectedMs + 5_000 - 3_600_000 } },
  ]);
  watch.stop();
  expect(time.waiting).toBe(0);
});
