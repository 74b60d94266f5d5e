import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { SELF_CHECK_ITEMS } from '../../device/core/self-check-items.js';
import { benchFolder, checkBench, slipCode } from './check-bench.js';

it('fifty times, each item by name, and leaves nothing behind', async () => {
  const bench = checkBench();
  const { time, counter, check, slips, records } = bench;
  const automaticMs: number[] = [];
  for (let n = 0; n < 50; n += 1) {
    const { id } = check.begin('A1');
    const beganMs = performance.now();
    await bench.automatic();
    automaticMs.push(performance.now() - beganMs);
    while (check.view().running !== null) await bench.clerkActs();
    const record = records().at(-1);
    expect(record?.items.filter(({ result }) => result !== 'pass')).toEqual([
      // Neither is at this terminal.
      { item: 'certificates', result: 'skipped' },
      { item: 'keypad', result: 'skipped' },
    ]);
    expect(record).toMatchObject({ id, staffNo: 'A1', result: 'pass' });
    expect(record?.items.map(({ item }) => item)).toEqual(SELF_CHECK_ITEMS.map(({ item }) => item));
    expect(slips.at(-1)).toBe(slipCode(id));
    expect(check.view().last).toMatchObject({ result: 'pass', since: time.wallMs(), staffNo: 'A1' });
    time.advance(60_000);
  }
  expect(records()).toHaveLength(50);
  // Keys and lamps are the counter's again.
  counter.dutyOn('A1');
  counter.open({ serviceId: 'S1', caseNo: '1', stage: 'completion' }, 'local');
  bench.board.press(4);
  expect(counter.snapshot().state).toBe('pressed');
  // In the time that the machine has for its own part, with room for the slowest card.
  expect(Math.max(...automaticMs)).toBeLessThan(10_000);
});

it('of which nothing can be told by a machine that tells nothing', async () => {
  const bench = checkBench({
    parts: { systemRoot: benchFolder(), sound: null, printer: null, hallFile: undefined },
  });
  const record = await bench.whole();
  expect(record.result).toBe('pass');
  expect(record.items.filter(({ result }) => result === 'skipped').map(({ item }) => item)).toEqual([
    'certificates',
    'roster',
    'temperature',
    'power',
    'keypad',
    'printer',
    'paper',
    'cover',
    'cutter',
    'sound',
    'slip',
  ]);
  expect(record.items.filter(({ code }) => code !== undefined)).toEqual([]);
});
