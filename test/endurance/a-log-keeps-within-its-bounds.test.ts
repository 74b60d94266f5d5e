import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ClockState } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { LogCare, STEP, type LogLimits } from '../../device/log/log-care.js';
import type { TerminalLog } from '../../device/log/terminal-log.js';
import type { Timers } from '../../device/timers.js';
import {
  BOOT,
  chainHolds,
  DAY_MS,
  DrivenClock,
  fileIn,
  live,
  logIn,
  openLog,
  parsed,
  promised,
  rated,
  storedEntries,
  testFolder,
} from '../device-log/log-at-work.js';

/** What is due is done when the test says so; how long it would wait is told. */
class OneTimer implements Timers {
  delayMs: number | null = null;
  #run: () => void = () => undefined;
  after(delayMs: number, run: () => void): () => void {
    this.delayMs = delayMs;
    this.#run = run;
    return () => (this.delayMs = null);
  }
  async take(): Promise<void> {
    this.delayMs = null;
    this.#run();
    // The turn ends with its next wait.
    for (let n = 0; n < 1_000 && this.delayMs === null; n += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

function careOf(log: TerminalLog, clock: DrivenClock, more: { limits?: Partial<LogLimits>; clockState?: ClockState }) {
  const timers = new OneTimer();
  const care = new LogCare({
    log,
    ballast: { there: true, make: () => Promise.resolve(true) },
    limits: { maxEntries: 2_000_000, maxBytes: 1_000_000_000, ...more.limits },
    retentionDays: () => 400,
    clock,
    clockState: () => more.clockState ?? 'synced',
    faults: { tell: () => undefined },
    timers,
    logger: createLogger('test', { level: 'silent' }),
  });
  care.start();
  return {
    /** Turns until there is nothing more to do. @returns how many there were that pruned. */
    async untilRest(): Promise<number> {
      for (let turns = 0; ; turns += 1) {
        await timers.take();
        if (timers.delayMs !== 250) return turns;
      }
    },
  };
}

function fill(log: TerminalLog, ratings: number): void {
  for (let n = 0; n < ratings; n += 10)
    log.append(Array.from({ length: 10 }, () => rated(`${log.head().seq}-${Math.random()}`)).flat());
}

const acknowledgeAll = (log: TerminalLog) => log.acknowledge(live(log), promised(log, live(log).endSeq));

describe('a log keeps', () => {
  it('its 400 days, and lets go a whole step after that and never less', async () => {
    const clock = new DrivenClock();
    const log = openLog(testFolder(), clock);
    fill(log, 100); // 301 entries
    acknowledgeAll(log);
    const care = careOf(log, clock, {});
    clock.nowMs += 399 * DAY_MS;
    log.append([BOOT]);
    acknowledgeAll(log);
    await care.untilRest();
    expect(live(log).prunedSeq).toBe(0);
    clock.nowMs += 2 * DAY_MS;
    await care.untilRest();
    expect(live(log).prunedSeq).toBe(3 * STEP);
    // The rest of that day is no whole step: each would leave an entry of its own.
    const { endSeq } = live(log);
    for (let n = 0; n < 3; n += 1) await care.untilRest();
    expect(live(log)).toMatchObject({ endSeq, prunedSeq: 3 * STEP });
  });

  it('everything while its clock may be wrong', async () => {
    const clock = new DrivenClock();
    const log = openLog(testFolder(), clock);
    fill(log, 200);
    acknowledgeAll(log);
    clock.nowMs += 10 * 365 * DAY_MS;
    expect(await careOf(log, clock, { clockState: 'free' }).untilRest()).toBe(0);
    expect(live(log).prunedSeq).toBe(0);
  });

  it('what is not acknowledged, however much it is', async () => {
    const clock = new DrivenClock();
    const log = openLog(testFolder(), clock);
    fill(log, 200);
    log.acknowledge(live(log), promised(log, 100));
    clock.nowMs += 500 * DAY_MS;
    await careOf(log, clock, { limits: { maxEntries: 50, maxBytes: 4_096 } }).untilRest();
    expect(live(log).prunedSeq).toBe(100);
  });

  it('at most so many entries, the newest', async () => {
    const folder = testFolder();
    const clock = new DrivenClock();
    const log = openLog(folder, clock);
    fill(log, 400);
    acknowledgeAll(log);
    await careOf(log, clock, { limits: { maxEntries: 500 } }).untilRest();
    const { endSeq, prunedSeq } = live(log);
    expect(endSeq - prunedSeq).toBeLessThanOrEqual(500);
    expect(endSeq - prunedSeq).toBeGreaterThan(500 - STEP - 2);
    log.close();
    expect(logIn(folder, clock).open()).toEqual({ damaged: null });
  });

  it('at most so many bytes, and fills again what was freed: its file does not grow, without a VACUUM', async () => {
    const folder = testFolder();
    const clock = new DrivenClock();
    const log = openLog(folder, clock);
    fill(log, 600);
    acknowledgeAll(log);
    const maxBytes = 600_000;
    const care = careOf(log, clock, { limits: { maxBytes } });
    const sizes: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      await care.untilRest();
      expect(log.extent().usedBytes).toBeLessThanOrEqual(maxBytes);
      fill(log, 150);
      acknowledgeAll(log);
      log.close(); // brings everything into the main file
      log.open();
      sizes.push(statSync(fileIn(folder)).size);
    }
    // 5,400 entries, some 2 MB, went through; the file has the size that it had after the first rounds, but for a few pages:
    // ids are random, and where they split pages differs from run to run.
    expect(live(log).prunedSeq).toBeGreaterThan(5_000);
    expect(Math.max(...sizes.slice(2))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 2)) + 4 * 4_096);
    const rows = storedEntries(folder);
    expect(rows[0]?.seq).toBe(live(log).prunedSeq + 1);
    expect(parsed(rows).at(-1)?.kind).toBe('rating');
    expect(chainHolds(rows, live(log).epoch)).toBe(false); // its beginning is gone,
    log.close();
    expect(logIn(folder, clock).open()).toEqual({ damaged: null }); // and the signed checkpoint stands for it.
  });

  it('services for 60 days, and one that is open for ever', async () => {
    const clock = new DrivenClock();
    const log = openLog(testFolder(), clock);
    log.append(rated('old'));
    log.append(rated('open').slice(0, 1));
    clock.nowMs += 61 * DAY_MS;
    log.append(rated('new'));
    await careOf(log, clock, {}).untilRest();
    expect(['old', 'open', 'new'].map((id) => log.serviceState(id))).toEqual(['unknown', 'open', 'ended']);
    expect(live(log).prunedSeq).toBe(0);
  });
});

describe('an entry is as old as the next one whose clock was right', () => {
  it.each([
    { name: 'a clock that stood in 1970', offsetMs: -48 * 365 * DAY_MS },
    { name: 'a clock ten years ahead', offsetMs: 10 * 365 * DAY_MS },
  ])('$name', ({ offsetMs }) => {
    const folder = testFolder();
    const clock = new DrivenClock();
    let state: ClockState = 'synced';
    const log = logIn(folder, clock, undefined, () => state);
    log.open();
    log.append(rated('S1')); // 2-4, by a right clock
    clock.wallOffsetMs = offsetMs;
    state = 'free';
    log.append(rated('S2')); // 5-7
    clock.wallOffsetMs = 0;
    state = 'synced';
    clock.nowMs += 10 * DAY_MS;
    log.append([BOOT]); // 8
    acknowledgeAll(log);
    expect(log.prune(clock.nowMs - DAY_MS, 100)).toBe(4);
    expect(log.prune(clock.nowMs + 1, 100)).toBe(4);
  });
});
