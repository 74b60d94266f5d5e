import { beforeEach, expect, test, vi } from 'vitest';
import type { PjqError } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { Ballast } from '../../device/log/ballast.js';
import { LogCare } from '../../device/log/log-care.js';
import { PartFaults } from '../../device/log/part-faults.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import type { Timers } from '../../device/timers.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import {
  chainHolds,
  DrivenClock,
  fileIn,
  live,
  parsed,
  promised,
  rated,
  SIGNER,
  SOURCE,
  storedEntries,
} from '../device-log/log-at-work.js';
import { fill, freeBytes, NO_SMALL_DISK, smallDisk } from './small-disk.js';

const BALLAST_BYTES = 1_500_000;
const FREED_BYTES = 200_000;

/** Everything that is due happens in turn, when the test says so. */
class Turns implements Timers {
  #due = new Set<() => void>();
  after(_delayMs: number, run: () => void): () => void {
    this.#due.add(run);
    return () => this.#due.delete(run);
  }
  take(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const run of due) run();
  }
}

function logOn(folder: string) {
  const clock = new DrivenClock();
  const timers = new Turns();
  const logger = createLogger('test', { level: 'silent' });
  const ballast = new Ballast(fileIn(folder), BALLAST_BYTES);
  const log = new TerminalLog({
    file: fileIn(folder),
    source: SOURCE,
    bootId: 'bootbootboo',
    suite: nodeSuite,
    signer: SIGNER,
    clock,
    randomness: nodeRandomness,
    clockState: () => 'synced',
    timers: { after: () => () => undefined },
    ballast,
    onDiskFault: (fault) => care.heard(fault),
  });
  const faults = new PartFaults({ log, logger, clock, timers });
  const care = new LogCare({
    log,
    ballast,
    limits: { maxEntries: 2_000_000, maxBytes: 1_000_000_000 },
    retentionDays: () => 400,
    clock,
    clockState: () => 'synced',
    faults,
    timers,
    logger,
    freedBytes: FREED_BYTES,
  });
  return { log, care, ballast, timers, clock };
}

beforeEach((context) => {
  if (NO_SMALL_DISK !== null) context.skip(NO_SMALL_DISK);
});

test(
  'a full disk takes what fits, tells the rest, lets go what the hall has, and recovers',
  { timeout: 60_000 },
  async () => {
    const folder = smallDisk(12);
    const { log, care, ballast, timers, clock } = logOn(folder);
    log.open();
    care.start();
    await vi.waitFor(() => expect(ballast.there).toBe(true));
    const taken: string[] = [];
    /** @returns why a service was not taken, if it was not. */
    const press = (): string | null => {
      const serviceId = `S${taken.length + 1}`;
      try {
        log.append(rated(serviceId));
        taken.push(serviceId);
        return null;
      } catch (error) {
        return (error as PjqError).code;
      }
    };
    const pressUntilRefused = () => {
      for (let n = 0; n < 20_000; n += 1) {
        const code = press();
        if (code !== null) return code;
      }
      throw new Error('the disk never was full');
    };
    const kept = () => parsed(storedEntries(folder));
    for (let n = 0; n < 200; n += 1) press();
    const makeRoom = fill(folder, 100_000);

    // While there is ballast nobody is refused: it is given up, and told.
    const before = taken.length;
    while (care.link === 'connected') expect(press()).toBeNull();
    expect(care.link).toBe('degraded');
    expect(press()).toBeNull();
    timers.take();
    expect(
      kept()
        .filter(({ kind }) => kind === 'fault')
        .at(-1)?.body,
    ).toMatchObject({ part: 'log', code: 'log-full' });
    const onBallast = taken.length;
    expect(pressUntilRefused()).toBe('log-full');
    expect(taken.length - onBallast).toBeGreaterThan(300);
    expect(taken.length).toBeGreaterThan(before);

    // Nothing is acknowledged, so nothing goes, however often it is tried; and what was told is what stands.
    const { epoch, endSeq } = live(log);
    for (let n = 0; n < 5; n += 1) {
      timers.take();
      expect(press()).toBe('log-full');
    }
    expect(live(log)).toMatchObject({ epoch, endSeq, prunedSeq: 0 });
    const served = () => kept().flatMap(({ kind, body }) => (kind === 'rating' ? [body['serviceId']] : []));
    expect(served()).toEqual(taken);
    expect(chainHolds(storedEntries(folder), epoch)).toBe(true);
    expect(log.record().service).toBeNull();

    // The hall has the first half: as much of it goes as is needed, and there is a place for ratings again.
    const half = Math.floor(endSeq / 2);
    log.acknowledge(live(log), promised(log, half));
    await vi.waitFor(() => {
      clock.nowMs += 30_000;
      timers.take();
      expect(log.extent().freeBytes).toBeGreaterThan(FREED_BYTES);
    });
    const { prunedSeq } = live(log);
    expect(prunedSeq).toBeGreaterThan(0);
    expect(prunedSeq).toBeLessThan(half);
    for (let n = 0; n < 100; n += 1) expect(press()).toBeNull();
    expect(served()).toEqual(taken.slice(-served().length));
    expect(freeBytes(folder)).toBeLessThan(BALLAST_BYTES);
    expect(care.link).toBe('degraded');

    // Room outside: the ballast is made again, and the log says that all is well.
    makeRoom();
    await vi.waitFor(() => {
      clock.nowMs += 30_000;
      timers.take();
      expect(care.link).toBe('connected');
    });
    expect(ballast.there).toBe(true);
    expect(
      kept()
        .filter(({ kind }) => kind === 'fault')
        .at(-1)?.body,
    ).toEqual({ part: 'log', state: 'connected' });
    care.stop();
    log.close();
  },
);

test('a disk that is full at the start gives its ballast up to open the log', { timeout: 60_000 }, async () => {
  const folder = smallDisk(8);
  const first = logOn(folder);
  first.log.open();
  first.log.append(rated('S1'));
  await first.ballast.make();
  first.log.close();
  fill(folder, 0);

  const { log, ballast } = logOn(folder);
  expect(log.open()).toEqual({ damaged: null });
  log.append(rated('S2'));
  expect(ballast.there).toBe(false);
  expect(log.serviceState('S1')).toBe('ended');
  expect(log.serviceState('S2')).toBe('ended');
  log.close();
});
