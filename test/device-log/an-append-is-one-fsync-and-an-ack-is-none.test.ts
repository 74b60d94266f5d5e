import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storedEntries, testFolder } from './log-at-work.js';

/** Runs the appending program under strace. @returns how many times the kernel was asked to sync. */
function syncsOf(folder: string, appends: number, acknowledgements: number, more: number): number {
  const trace = join(folder, `trace-${appends}-${acknowledgements}-${more}`);
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const { status, signal, stderr } = spawnSync(
    'strace',
    [
      '-f',
      '-e',
      'trace=fsync,fdatasync,sync_file_range,syncfs',
      '-e',
      'signal=none',
      '-o',
      trace,
      process.execPath,
      '--import',
      'tsx',
      'test/device-log/appending-program.ts',
      dataDir,
      String(appends),
      String(acknowledgements),
      String(more),
    ],
    { encoding: 'utf8' },
  );
  if (signal !== 'SIGKILL' && status !== 137) throw new Error(`the program ended with ${status} ${signal}: ${stderr}`);
  expect(storedEntries(dataDir)).toHaveLength(1 + 2 * (appends + more));
  // A call that another thread interrupts is told in two lines; only the first has the bracket.
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /\b(fsync|fdatasync|sync_file_range|syncfs)\(/.test(line)).length;
}

/** Commit A is durable when `append` returns: it waits for the disk, once, whatever the journal promises by itself. */
describe('an append is one fsync and an ack is none', () => {
  it('fifty and twenty of them are seventy more than none', { timeout: 120_000 }, () => {
    const folder = testFolder();
    const none = syncsOf(folder, 0, 0, 0);
    expect(syncsOf(folder, 50, 0, 0) - none).toBe(50);
    // What comes after an ack is durable again.
    expect(syncsOf(folder, 50, 50, 20) - none).toBe(70);
  });
});
