import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { CHECK_STEPS } from '../../device/core/self-check-items.js';
import { terminalProbes } from '../../device/self-check/terminal-check.js';
import { PjqError } from '../../protocol/index.js';
import { checkBench, type CheckBench } from './check-bench.js';

const SERVICE = { serviceId: 'S1', caseNo: '1', stage: 'completion' } as const;
/** Whatever waited for a step of the check would wait for at least eight seconds. */
const NOT_WAITING_MS = 2_000;

/** Drives a check to where a step has been begun. */
async function reach(bench: CheckBench, step: (typeof CHECK_STEPS)[number]): Promise<void> {
  bench.check.begin('A1');
  while (bench.asked()?.name !== step) await bench.clerkActs();
}

it.each(CHECK_STEPS)('a service that opens in the step "%s" has keys, lamps and screen at once', async (step) => {
  const bench = checkBench();
  const { board, check, counter, log, story, time } = bench;
  counter.dutyOn('A1');
  await reach(bench, step);
  story.length = 0;
  /** What the pages show in the very moment in which the session is told to them. */
  const seen: unknown[] = [];
  counter.subscribe((event) => {
    if (event.type === 'changed') seen.push([event.snapshot.state, check.kioskView(), check.view().running]);
  });
  const beganMs = performance.now();
  expect(counter.open(SERVICE, 'command')).toEqual({ ok: true });
  board.press(2);
  expect(performance.now() - beganMs).toBeLessThan(NOT_WAITING_MS);
  expect(counter.snapshot().state).toBe('pressed');
  expect(counter.choice()).toMatchObject({ level: 2 });
  expect(story).toEqual(['lamps invited', 'lamps accepted']);
  expect(seen).toEqual([
    ['invited', null, null],
    ['pressed', null, null],
  ]);
  // The record waited for opening and press.
  expect(bench.records()).toEqual([]);
  time.advance(0);
  expect(bench.records()).toMatchObject([{ result: 'skipped', reason: 'service-opened', staffNo: 'A1' }]);
  expect(check.view().last).toMatchObject({ result: 'skipped', reason: 'service-opened' });
  // What was begun before and answers late changes nothing.
  await Promise.all(terminalProbes(bench.parts).map((probe) => probe.run(null)));
  time.advance(100_000);
  expect(bench.records()).toHaveLength(1);
  expect(log.record().service).toBeNull();
  expect(() => check.answer({ step: 'sound', target: 'sound', ok: true })).toThrow(new PjqError('selfcheck-absent'));
});

it('while a service is open no check begins, and afterwards one does', async () => {
  const bench = checkBench();
  const { check, counter } = bench;
  counter.dutyOn('A1');
  counter.open(SERVICE, 'local');
  expect(() => check.begin('A1')).toThrow(new PjqError('selfcheck-busy'));
  counter.cancel('S1');
  expect(await bench.whole()).toMatchObject({ result: 'pass' });
});

it('what is pressed for a check is no press of anybody, and says nothing on the screen', async () => {
  const bench = checkBench();
  const { board, check, counter, log } = bench;
  counter.dutyOn('A1');
  const told: unknown[] = [];
  counter.subscribe((event) => told.push(event));
  await reach(bench, 'keys');
  board.press(5);
  board.events.chord();
  expect(check.view().running?.done.slice(-2)).toEqual([
    { item: 'key-5', result: 'pass' },
    { item: 'key-4', result: 'fail', code: 'key-crossed' },
  ]);
  expect(told).toEqual([]);
  expect(log.head().seq).toBe(3);
});

it('a pause, a shift and a resumption in a check leave its lamps alone, and are seen when it is over', async () => {
  const bench = checkBench();
  const { check, counter, story } = bench;
  counter.dutyOn('A1');
  await reach(bench, 'lamps');
  story.length = 0;
  counter.pause('meal');
  counter.resume();
  counter.dutyOn('B2');
  expect(story).toEqual([]);
  check.breakOff('later');
  expect(story).toEqual(['lamps idle']);
  expect(bench.records()).toMatchObject([{ result: 'skipped', reason: 'later' }]);
});
