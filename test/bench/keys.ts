/**
 * A key edge at the virtual board -> commit A, over a serial port: the board on TCP, socat's pty before it, the driver
 * with its seven milliseconds of debounce and ten of chord window, the counter and its log, in one process with one
 * clock. Beside it, in turns, what the machine itself takes: a bare timer as long as the chord window, and a bare 4 KiB
 * write with fdatasync on the same disk.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Counter } from '../../device/counter/counter.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { FirmataCounterBoard } from '../../hw/firmata/firmata-counter-board.js';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import type { CounterBoard } from '../../hw/ports/counter-board.js';
import { loadBoardProfile } from '../../hw/profiles/built-in.js';
import type { Level } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  currentBootId,
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { ptyCable } from '../hw/cable.js';
import { until } from '../hw/until.js';
import { quantile, row } from './quantiles.js';

const PRESSES = 300;
const WARM_UP = 20;
const PROMISED_MS = 20;
/** A finger stays on the key, and away from it, for so long; neither is measured. */
const FINGER_MS = 30;

export async function benchKeys(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-'));
  const bench = new VirtualBoard();
  const { port } = await bench.start();
  const cable = await ptyCable({ port, hasClient: () => bench.hasClient });
  const profile = loadBoardProfile('uno-five-keys');
  const driver = new FirmataCounterBoard({
    profile,
    address: parseBoardAddress(cable.address, profile.transport),
    monoMs: () => systemClock.monoMs(),
    nextDelayMs: () => 100,
  });
  // The counter lights the lamp in the same turn in which it has committed, right after.
  let committedMs: number | undefined;
  const board: CounterBoard = {
    start: (events) => driver.start(events),
    setLamps: (signal) => {
      if (signal === 'accepted') committedMs ??= performance.now();
      driver.setLamps(signal);
    },
    get link() {
      return driver.link;
    },
    stop: () => driver.stop(),
  };
  const bootId = currentBootId();
  const log = new TerminalLog({
    file: join(folder, 'log.db'),
    source: 'bench/t1',
    bootId,
    suite: nodeSuite,
    signer: headSigner(generateLogKey().privatePem),
    clock: systemClock,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  log.open();
  const { policy, policyId } = readPolicy('gateway/policies/default.yaml');
  const counter = new Counter({
    board,
    log,
    clock: systemClock,
    bootId,
    randomness: nodeRandomness,
    logger: createLogger('bench', { level: 'silent' }),
    policy: () => ({ policy: policy.terminal, policyId }),
    window: () => '1',
  });
  const file = openSync(join(folder, 'bare'), 'w');
  const page = Buffer.alloc(4096, 7);
  const pressMs: number[] = [];
  const lampMs: number[] = [];
  const bareMs: number[] = [];
  const timerMs: number[] = [];
  try {
    counter.start();
    counter.dutyOn('1001');
    await until(() => driver.link === 'connected', 20_000);
    for (let n = 0; n < PRESSES + WARM_UP; n += 1) {
      const opened = counter.open({ serviceId: `s-${n}`, caseNo: `c-${n}`, stage: 'completion' }, 'local');
      if (!opened.ok) throw new Error(`a service was not opened: ${opened.code}`);
      await until(() => bench.lamps().invited);
      let shownMs: number | undefined;
      const unlisten = bench.onLamp((lamp, on) => {
        if (lamp === 'accepted' && on) shownMs ??= performance.now();
      });
      committedMs = undefined;
      const level = ((n % 5) + 1) as Level;
      const edgeMs = performance.now();
      bench.press(level);
      await until(() => shownMs !== undefined);
      unlisten();
      await wait(FINGER_MS);
      bench.release(level);
      await wait(FINGER_MS);
      const before = performance.now();
      writeSync(file, page, 0, page.length, 0);
      fdatasyncSync(file);
      const bare = performance.now() - before;
      const setMs = performance.now();
      await wait(profile.chordWindowMs);
      const timer = performance.now() - setMs;
      if (n < WARM_UP) continue;
      pressMs.push((committedMs ?? Number.NaN) - edgeMs);
      lampMs.push((shownMs ?? Number.NaN) - edgeMs);
      bareMs.push(bare);
      timerMs.push(timer);
    }
  } finally {
    await counter.stop();
    log.close();
    closeSync(file);
    await cable.remove();
    await bench.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  const beyond = (share: number) => quantile(pressMs, share) - quantile(timerMs, share);
  return [
    `key edge -> commit A, over a pty: ${row(pressMs, 'ms')} (promised: p99 <= ${PROMISED_MS} ms); ${profile.chordWindowMs} ms of it are the chord window, in which the ${profile.debounceMs} ms of debounce pass`,
    `key edge -> accepted lamp:        ${row(lampMs, 'ms')}`,
    `a bare timer of ${profile.chordWindowMs} ms:          ${row(timerMs, 'ms')}`,
    `bare 4 KiB write + fdatasync:     ${row(bareMs, 'ms')}; what a press takes beyond the bare timer is ${(beyond(0.5) / quantile(bareMs, 0.5)).toFixed(1)} times that (p50)`,
  ];
}
