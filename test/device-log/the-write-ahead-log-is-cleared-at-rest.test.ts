import { copyFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BOOT, DrivenClock, fileIn, logIn, openLog, storedEntries, testFolder } from './log-at-work.js';

/** Time passes when the test says so. */
class DrivenTimers {
  waiting: (() => void) | undefined;
  after = (_delayMs: number, run: () => void) => {
    this.waiting = run;
    return () => {
      this.waiting = undefined;
    };
  };
  rest(): void {
    const run = this.waiting;
    this.waiting = undefined;
    run?.();
  }
}

/** A press waits for one fsync; clearing the write-ahead log costs two more, and growing it the file system's own journal. */
describe('the write-ahead log', () => {
  it('has its full size from the start, and is cleared when nobody presses', () => {
    const folder = testFolder();
    openLog(folder).close(); // schema and epoch are in the file itself
    const timers = new DrivenTimers();
    const log = logIn(folder, new DrivenClock(), timers);
    log.open();
    const size = () => statSync(`${fileIn(folder)}-wal`).size;
    const full = size();
    expect(full).toBeGreaterThan(3_500_000);
    /** What would be left without the write-ahead log: what a checkpoint has brought over. */
    const brought = () => {
      const copy = testFolder();
      copyFileSync(fileIn(folder), fileIn(copy));
      return storedEntries(copy).length;
    };

    for (let round = 1; round <= 5; round += 1) {
      for (let n = 0; n < 160; n += 1) log.append([BOOT]);
      expect(brought()).toBe(1 + (round - 1) * 160);
      timers.rest();
      expect(brought()).toBe(1 + round * 160);
    }
    expect(size()).toBe(full);
    log.append([BOOT]);
    expect(timers.waiting).toBeUndefined();
  });

  it('waits for a rest', () => {
    const timers = new DrivenTimers();
    const log = logIn(testFolder(), new DrivenClock(), timers);
    log.open();
    for (let n = 0; n < 200; n += 1) log.append([BOOT]);
    const before = timers.waiting;
    log.append([BOOT]);
    expect(timers.waiting).toBeDefined();
    expect(timers.waiting).not.toBe(before);
    log.close();
    expect(timers.waiting).toBeUndefined();
  });
});
