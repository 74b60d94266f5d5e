import { expect, it } from 'vitest';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { lastCheck } from '../../device/self-check/self-check-view.js';
import { terminalCheck } from '../../device/self-check/terminal-check.js';
import { generateLogKey, headSigner, nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { PjqError } from '../../protocol/index.js';
import { BOOT } from '../device-session/table-fixtures.js';
import { checkBench, SOURCE, TIME_ZONE } from './check-bench.js';

const DAY_MS = 86_400_000;
/** 2026-11-21 00:00 in Shanghai. */
const MIDNIGHT_MS = Date.UTC(2026, 10, 20, 16);
const BODY = { id: 'check000001', staffNo: 'A1', result: 'pass', startedAt: 0, items: [] } as const;

it('a check counts for the day of the hall on which it ended', () => {
  const last = (atMs: number, nowMs: number) => lastCheck({ body: { ...BODY, items: [] }, atMs }, nowMs, TIME_ZONE);
  const missing = { result: 'missing', since: MIDNIGHT_MS, staffNo: null, reason: null, items: [] };
  expect(lastCheck(null, MIDNIGHT_MS + 1, TIME_ZONE)).toEqual(missing);
  expect(last(MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS - 1)).toMatchObject({ result: 'pass', since: MIDNIGHT_MS });
  expect(last(MIDNIGHT_MS - 1, MIDNIGHT_MS)).toEqual(missing);
  expect(last(MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS)).toMatchObject({ result: 'missing', since: MIDNIGHT_MS + DAY_MS });
});

it('it outlives the program, and so does a skipped one with its reason', async () => {
  const bench = checkBench({ denies: ['blue'] });
  const { check, counter, log, parts, time } = bench;
  counter.dutyOn('A1');
  expect(check.health()).toMatchObject({ result: 'missing' });
  await bench.whole();
  const limited = check.view().last;
  expect(limited).toEqual({
    result: 'limited',
    since: time.wallMs(),
    staffNo: 'A1',
    reason: null,
    items: expect.arrayContaining([{ item: 'screen-blue', result: 'fail', code: 'screen-colour' }]) as unknown,
  });
  const again = () => {
    log.close();
    const next = new TerminalLog({
      file: parts.logFile,
      source: SOURCE,
      bootId: BOOT,
      suite: nodeSuite,
      signer: headSigner(generateLogKey().privatePem),
      clock: time,
      randomness: nodeRandomness,
      clockState: () => 'synced',
    });
    next.open();
    return next;
  };
  const second = again();
  const after = terminalCheck({ ...parts, log: second });
  expect(after.view().last).toEqual(limited);
  time.advance(60_000);
  after.skip('power cut this morning', null);
  second.close();
  log.open();
  const third = terminalCheck(parts);
  expect(third.view().last).toEqual({
    result: 'skipped',
    since: time.wallMs(),
    staffNo: 'A1',
    reason: 'power cut this morning',
    items: [],
  });
  expect(third.health()).toEqual({ result: 'skipped', since: time.wallMs() });
});

it('a record that the log does not take is shown all the same, and written when it can be', async () => {
  const bench = checkBench();
  const { check, counter, log, time } = bench;
  const append = log.append.bind(log);
  let broken = true;
  log.append = (drafts) => {
    if (broken) throw new PjqError('log-write-failed');
    append(drafts);
  };
  check.skip('no time', 'A1');
  expect(check.view().last).toMatchObject({ result: 'skipped', reason: 'no time' });
  time.advance(10_000);
  broken = false;
  let recorded = 0;
  check.onRecord(() => (recorded += 1));
  expect(bench.records()).toEqual([]);
  time.advance(10_000);
  expect(bench.records()).toMatchObject([{ result: 'skipped', reason: 'no time' }]);
  expect(check.view().last.since).toBe(time.wallMs());
  expect(recorded).toBe(1);
  expect(time.waiting).toBe(0);
  await counter.stop();
});

it('a program that ends in a check says so', async () => {
  const bench = checkBench();
  bench.check.begin('A1');
  await bench.automatic();
  bench.check.stop();
  expect(bench.records()).toMatchObject([{ result: 'skipped', reason: 'terminal-stopped' }]);
  expect(bench.time.waiting).toBe(0);
});
