import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainHolds, live, logIn, parsed, rated, storedEntries } from '../device-log/log-at-work.js';

const SYNCS = 'fsync,fdatasync';
const PRESSES = 60;

interface Run {
  readonly dataDir: string;
  readonly taken: readonly string[];
  readonly refused: readonly string[];
  /** Of every press in order. */
  readonly outcomes: string;
  readonly trace: string;
}

/** Runs the pressing program under strace; `fault` is what strace does to which calls, and when. */
function run(folder: string, presses: number, fault: string | null, trace: string): Run {
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const log = join(folder, 'trace');
  const program = [process.execPath, '--import', 'tsx', 'test/endurance/pressing-program.ts', dataDir, String(presses)];
  const { stdout, stderr } = spawnSync(
    'strace',
    [
      '-f',
      '-e',
      `trace=${trace}`,
      '-e',
      'signal=none',
      ...(fault === null ? [] : ['-e', fault]),
      '-o',
      log,
      ...program,
    ],
    { encoding: 'utf8' },
  );
  const said = stdout.trim().split('\n');
  if (said[0] !== 'open') throw new Error(`the program did not open its log: ${stderr}`);
  const named = (outcome: string) =>
    said.filter((line) => line.startsWith(outcome)).map((line) => line.split(' ')[1] ?? '');
  expect(said).toHaveLength(1 + presses);
  return {
    dataDir,
    taken: named('taken'),
    refused: named('refused'),
    outcomes: said
      .slice(1)
      .map((line) => line[0])
      .join(''),
    trace: readFileSync(log, 'utf8'),
  };
}

/** How often a call is made until the log is open. */
function callsToOpen(folder: string, calls: string): number {
  const { trace } = run(folder, 0, null, calls);
  return trace.split('\n').filter((line) => /\b(fsync|fdatasync|pwrite64)\(/.test(line)).length;
}

/** What was told as taken is in the file, once and in order, and nothing else is, also for whoever opens it next. */
function agrees({ dataDir, taken }: Run): void {
  const log = logIn(dataDir);
  expect(log.open()).toEqual({ damaged: null });
  const presses = () =>
    parsed(storedEntries(dataDir)).flatMap(({ kind, body }) => (kind === 'press' ? [body['serviceId']] : []));
  expect(presses()).toEqual(taken);
  log.append(rated('after'));
  const { epoch, endSeq } = live(log);
  expect(chainHolds(storedEntries(dataDir), epoch)).toBe(true);
  expect(endSeq).toBe(1 + taken.length + 3);
  log.close();
}

describe('a disk that fails takes a press or says that it did not', () => {
  let folder: string;
  let syncs = 0;
  let writes = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pjq-failing-'));
    syncs = callsToOpen(folder, SYNCS);
    writes = callsToOpen(folder, 'pwrite64');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

  it.each([
    // A renewal of the connection is some six syncs, and may meet the next fault.
    { name: 'a sync that fails now and then', calls: SYNCS, every: '+9' },
    { name: 'a write that fails now and then', calls: 'pwrite64', every: '+31' },
  ])('$name', { timeout: 60_000 }, ({ calls, every }) => {
    const before = calls === SYNCS ? syncs : writes;
    const seen = run(folder, PRESSES, `inject=${calls}:error=EIO:when=${before + 5}${every}`, calls);
    // It went on by itself, many times.
    expect(seen.outcomes.match(/rt/g)?.length).toBeGreaterThan(3);
    agrees(seen);
  });

  it('syncs that fail for a while, also while the connection is renewed', { timeout: 60_000 }, () => {
    const seen = run(folder, PRESSES, `inject=${SYNCS}:error=EIO:when=${syncs + 5}..${syncs + 30}`, SYNCS);
    expect(seen.outcomes).toMatch(/^t+r{5,}t+$/);
    agrees(seen);
  });

  it.each([
    { name: 'syncs that fail from now on', calls: SYNCS, error: 'EIO' },
    { name: 'a file system that has become read-only', calls: 'pwrite64', error: 'EROFS' },
  ])('$name', { timeout: 60_000 }, ({ calls, error }) => {
    const before = calls === SYNCS ? syncs : writes;
    const seen = run(folder, PRESSES, `inject=${calls}:error=${error}:when=${before + 20}+`, calls);
    expect(seen.outcomes).toMatch(/^t+r+$/);
    agrees(seen);
  });
});
