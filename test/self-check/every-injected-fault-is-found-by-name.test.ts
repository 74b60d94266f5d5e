import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SELF_CHECK_ITEMS } from '../../device/core/self-check-items.js';
import { checkLog } from '../../device/log/log-check.js';
import { diskProbe } from '../../device/self-check/disk-probe.js';
import { logProbe } from '../../device/self-check/log-probe.js';
import { checkBench, LOG_PROGRAM, SOURCE } from './check-bench.js';
import { certificates, FAULTS } from './injected-faults.js';
import { connected, realBoard, realPrinter } from './real-hardware.js';

it('there are at least twenty-five, each with a code that its item can end with', () => {
  const faults = Object.values(FAULTS);
  expect(new Set(faults.map(({ code }) => code)).size).toBeGreaterThanOrEqual(25);
  for (const { item, code } of faults) {
    const codes: readonly string[] = SELF_CHECK_ITEMS.find((row) => row.item === item)?.codes ?? [];
    expect([...codes, `${item}-unanswered`]).toContain(code);
  }
});

it.each(Object.entries(FAULTS))('%s', async (_name, { item, code, also = [], bench, inject, result = 'limited' }) => {
  const options = (await bench?.()) ?? {};
  const work = checkBench(options);
  if (options.board !== undefined && code !== 'board-lost') await connected(options.board);
  await inject?.(work);
  const record = await work.whole();
  const found = record.items.filter((one) => one.result === 'fail' || one.result === 'limited');
  expect(found.filter((one) => !also.includes(one.item))).toMatchObject([{ item, code }]);
  expect(found.map((one) => one.item)).toEqual(expect.arrayContaining([...also]));
  expect(record.result).toBe(result);
  expect(work.check.view().last.items).toEqual(record.items.filter((one) => one.result !== 'pass'));
});

/** A disk of its own without a free block; `null` for who may not mount one. */
function fullDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  afterAll(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  expect(() => writeFileSync(join(folder, 'fill'), Buffer.alloc(1024 * 1024))).toThrow('ENOSPC');
  return folder;
}
const full = fullDisk();

// Only root may mount; everybody else has the stand-ins of the table.
it.skipIf(full === null)('a disk that is really full', async () => {
  expect(await diskProbe({ folder: full ?? '', monoMs: () => 0 }).run(null)).toEqual([
    { item: 'log-space', result: 'fail', code: 'log-space-out' },
    { item: 'log-write', result: 'fail', code: 'log-write-failed' },
  ]);
});

it('a disk with little room, and a log that takes too long to read, are limits only', async () => {
  // Thresholds stand in for a small disk and a large log.
  const { folder, log, parts } = checkBench();
  expect(await diskProbe({ folder, monoMs: () => 0, lowBytes: Number.MAX_SAFE_INTEGER }).run(null)).toEqual([
    { item: 'log-space', result: 'limited', code: 'log-space-low' },
    { item: 'log-write', result: 'pass' },
  ]);
  let monoMs = 0;
  expect(await diskProbe({ folder, monoMs: () => (monoMs += 2_000) }).run(null)).toContainEqual({
    item: 'log-write',
    result: 'limited',
    code: 'log-write-slow',
  });
  const slow = () =>
    checkLog({ file: parts.logFile, source: SOURCE, head: () => log.head(), limitMs: 1, program: LOG_PROGRAM });
  expect(await logProbe(slow).run(null)).toEqual([
    { item: 'log-integrity', result: 'limited', code: 'log-check-slow' },
    { item: 'log-chain', result: 'limited', code: 'log-check-slow' },
  ]);
});

it('the healthy hardware passes: board, printer, certificates', async () => {
  const board = await realBoard();
  const printer = await realPrinter();
  const work = checkBench({
    board: board.driver,
    clerk: { ...board.clerk, scans: printer.scans },
    parts: { printer: printer.part, certificates: certificates() },
  });
  await connected(board.driver);
  const record = await work.whole();
  expect(record.items.filter(({ result }) => result !== 'pass')).toEqual([{ item: 'keypad', result: 'skipped' }]);
  expect(record.result).toBe('pass');
});
