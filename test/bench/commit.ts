/**
 * Press → commit A, beside a bare 4 KiB write + fdatasync on the same disk. The two take turns, press by press,
 * so that a busy machine slows both alike.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counter } from '../../device/counter/counter.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import type { CounterBoard } from '../../hw/ports/counter-board.js';
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
import { quantile, row } from './quantiles.js';

/** Touch needs no board. */
const NO_BOARD: CounterBoard = {
  link: 'lost',
  start: () => undefined,
  setLamps: () => undefined,
  stop: async () => undefined,
};

const PRESSES = 2_000;
const WARM_UP = 200;

export async function benchCommit(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-'));
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
    board: NO_BOARD,
    log,
    clock: systemClock,
    bootId,
    randomness: nodeRandomness,
    logger: createLogger('bench', { level: 'silent' }),
    policy: () => ({ policy: policy.terminal, policyId }),
    window: () => '1',
  });
  counter.start();
  counter.dutyOn('1001');
  const file = openSync(join(folder, 'bare'), 'w');
  const page = Buffer.alloc(4096, 7);
  const pressUs: number[] = [];
  const bareUs: number[] = [];
  for (let n = 0; n < PRESSES + WARM_UP; n += 1) {
    counter.open({ serviceId: `s-${n}`, caseNo: `c-${n}`, stage: 'completion' }, 'local');
    const before = process.hrtime.bigint();
    const answer = counter.press(4, 'touch');
    const between = process.hrtime.bigint();
    writeSync(file, page, 0, page.length, 0);
    fdatasyncSync(file);
    const after = process.hrtime.bigint();
    if (!answer.ok) throw new Error(`a press was not taken: ${answer.code}`);
    if (n < WARM_UP) continue;
    pressUs.push(Number(between - before) / 1000);
    bareUs.push(Number(after - between) / 1000);
  }
  closeSync(file);
  await counter.stop();
  log.close();
  rmSync(folder, { recursive: true });
  const ratio = (share: number) => (quantile(pressUs, share) / quantile(bareUs, share)).toFixed(2);
  return [
    `press -> commit A:            ${row(pressUs, 'us')}`,
    `bare 4 KiB write + fdatasync: ${row(bareUs, 'us')}`,
    `ratio p50 ${ratio(0.5)}, p99 ${ratio(0.99)} (promised: p99 <= 3)`,
  ];
}
