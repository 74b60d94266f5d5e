import { expect, it } from 'vitest';
import { CASE, counterAtWork, type CounterAtWork } from './counter-at-work.js';

function inSession(press?: 1 | 2 | 3 | 4 | 5): CounterAtWork {
  const work = counterAtWork();
  work.counter.dutyOn('A1');
  work.counter.open(CASE, 'command');
  if (press !== undefined) work.board.press(press);
  return work;
}

it('an invitation goes on for the rest of its time in the same boot', () => {
  const next = inSession().restart({ awayMs: 10_000 });
  expect(next.story[0]).toBe('lamps invited');
  expect(next.counter.snapshot()).toMatchObject({ state: 'invited', serviceId: 'S1', remainingMs: 50_000 });
  next.board.press(4);
  next.time.advance(5_000);
  expect(next.entries().at(-1)?.body).toMatchObject({ serviceId: 'S1', level: 4, cause: 'time-over' });
});

it('a press goes on for the rest of its time, and may still be changed', () => {
  const next = inSession(2).restart({ awayMs: 3_000 });
  expect(next.story[0]).toBe('lamps accepted');
  next.board.press(1);
  next.time.advance(1_999);
  expect(next.counter.snapshot().state).toBe('pressed');
  next.time.advance(1);
  expect(next.entries().at(-1)?.body).toMatchObject({ level: 1, cause: 'time-over' });
});

it('a press whose time is over is the rating', () => {
  const before = inSession(2);
  const pressId = before.entries().at(-1)?.body['id'];
  const next = before.restart({ awayMs: 5_000 });
  expect(next.entries().at(-1)).toMatchObject({ kind: 'rating', body: { id: pressId, level: 2, cause: 'restart' } });
  expect(next.story).toEqual(['commit rating', 'lamps idle', 'shows idle']);
});

it('another boot ends the session, rated or unrated', () => {
  const other = { bootId: 'bootBBBBBBB' };
  expect(inSession(3).restart(other).entries().at(-1)).toMatchObject({
    kind: 'rating',
    body: { level: 3, cause: 'restart' },
  });
  const unrated = inSession().restart(other);
  expect(unrated.entries().at(-1)).toMatchObject({ kind: 'unrated', body: { serviceId: 'S1', cause: 'restart' } });
  expect(unrated.counter.snapshot()).toEqual({
    state: 'idle',
    staffNo: 'A1',
    ended: { serviceId: 'S1', how: 'unrated', agoMs: 0 },
  });
});

it('an invitation whose time is over ends unrated', () => {
  expect(inSession().restart({ awayMs: 60_000 }).entries().at(-1)).toMatchObject({
    kind: 'unrated',
    body: { cause: 'restart' },
  });
});

it('duty and pause are as they were, and a pause that waits for the session still waits', () => {
  const off = counterAtWork();
  expect(off.restart().counter.snapshot()).toEqual({ state: 'offDuty' });

  const work = counterAtWork();
  work.counter.dutyOn('A1');
  work.counter.pause('meal');
  expect(work.restart().counter.snapshot()).toEqual({ state: 'paused', staffNo: 'A1', pausedFor: 'meal' });

  const session = inSession(5);
  session.counter.pause('tea');
  const next = session.restart();
  expect(next.counter.snapshot().state).toBe('pressed');
  next.time.advance(5_000);
  expect(next.counter.snapshot()).toEqual({
    state: 'paused',
    staffNo: 'A1',
    pausedFor: 'tea',
    ended: { serviceId: 'S1', how: 'rated', agoMs: 0 },
  });
});

it('a terminal that was paused when duty ended is not paused for the next', () => {
  const work = counterAtWork();
  work.counter.dutyOn('A1');
  work.counter.pause('meal');
  work.counter.dutyOff();
  work.counter.dutyOn('B2');
  expect(work.restart().counter.snapshot()).toEqual({ state: 'idle', staffNo: 'B2' });
});

it('while the log cannot be written at start-up nothing is taken; then the session is finished', () => {
  const next = inSession(3).restart({ awayMs: 9_000, broken: true });
  expect(next.story).toEqual(['no commit', 'lamps fault', 'shows outOfService']);
  next.board.press(5);
  expect(next.story.at(-1)).toBe('says out-of-service');
  next.counter.recover();
  expect(next.counter.snapshot().state).toBe('outOfService');
  expect(next.counter.open({ ...CASE, serviceId: 'S2' }, 'local')).toEqual({
    ok: false,
    code: 'terminal-out-of-service',
  });
  next.log.broken = false;
  next.time.advance(10_000);
  expect(next.entries().at(-1)?.body).toMatchObject({ level: 3, cause: 'restart' });
  expect(next.counter.snapshot().state).toBe('idle');
});
