import { expect, it } from 'vitest';
import { counterAtWork } from '../device-session/counter-at-work.js';

it('a cable that comes and goes a thousand times is a few entries, and the last one is how it ended', () => {
  const { board, entries, time, counter } = counterAtWork();
  const faults = () => entries().map(({ body }) => body);
  for (let n = 0; n < 1_000; n += 1) {
    board.setLink('connected');
    time.advance(40);
    board.setLink('lost');
    time.advance(60);
  }
  // A hundred seconds: the first ten changes, and then one in half a minute.
  expect(faults().length).toBeLessThanOrEqual(10 + 100 / 30 + 1);
  expect(faults().slice(0, 4)).toEqual([
    { part: 'board', state: 'connected' },
    { part: 'board', state: 'lost', code: 'board-lost' },
    { part: 'board', state: 'connected' },
    { part: 'board', state: 'lost', code: 'board-lost' },
  ]);
  board.setLink('connected');
  expect(counter.health().board).toBe('connected');
  time.advance(60_000);
  expect(faults().at(-1)).toEqual({ part: 'board', state: 'connected' });
  const settled = faults().length;
  time.advance(3_600_000);
  expect(faults()).toHaveLength(settled);
  // After some quiet each change is told as it comes again, and other parts never waited.
  board.setLink('lost');
  board.events.stuck(1);
  expect(faults().slice(settled)).toEqual([
    { part: 'board', state: 'lost', code: 'board-lost' },
    { part: 'keys', state: 'degraded', code: 'key-stuck' },
  ]);
});

it('what the log could not take is written when it can, as it is by then', () => {
  const { board, entries, log, time } = counterAtWork();
  board.setLink('connected');
  log.broken = true;
  board.setLink('lost');
  time.advance(30_000);
  board.setLink('degraded');
  log.broken = false;
  time.advance(30_000);
  expect(entries().map(({ body }) => body)).toEqual([
    { part: 'board', state: 'connected' },
    { part: 'board', state: 'degraded' },
  ]);
});

it('nothing is waited for after the end', async () => {
  const { board, counter, time } = counterAtWork();
  for (let n = 0; n < 20; n += 1) board.setLink(n % 2 === 0 ? 'connected' : 'lost');
  expect(time.waiting).toBe(1);
  await counter.stop();
  expect(time.waiting).toBe(0);
});
