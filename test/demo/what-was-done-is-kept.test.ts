import { expect, test } from 'vitest';
import { ActionLog } from '../../simulator/demo/action-log.js';

/** A log whose clock stands where it is put. */
function logAt(): { log: ActionLog; clock: { ms: number } } {
  const clock = { ms: 1_000 };
  return { log: new ActionLog(() => clock.ms), clock };
}

test('a step stands where it was begun, though it was done later', () => {
  const { log, clock } = logAt();
  const slow = log.begin();
  clock.ms += 10;
  const quick = log.begin();
  quick({ kill: 'gateway' });
  clock.ms += 500;
  slow({ later: { terminal: 1 } });
  log.begin()({ later: { terminal: 2 } });
  expect(log.all).toEqual([
    { atMs: 0, later: { terminal: 1 } },
    { atMs: 10, kill: 'gateway' },
    { atMs: 510, later: { terminal: 2 } },
  ]);
});

test('what was begun and not done is no step, and a cleared log begins anew', () => {
  const { log } = logAt();
  let told = 0;
  log.onAction(() => (told += 1));
  log.begin();
  expect(log.all).toEqual([]);
  log.begin()({ kill: 'gateway' });
  log.clear();
  expect([log.all, log.dropped, told]).toEqual([[], 0, 1]);
});

test('of more than it keeps the oldest go, and it says how many', () => {
  const { log, clock } = logAt();
  for (let index = 0; index < 5_010; index += 1) {
    clock.ms += 1;
    log.begin()({ kill: String(index) });
  }
  expect([log.all.length, log.dropped, log.all[0]?.['kill']]).toEqual([5_000, 10, '10']);
});
