/**
 * Press → commit A while the terminal drains a backlog as fast as it can, beside presses of the same terminal at rest
 * and a bare 4 KiB write + fdatasync on the same disk. The terminal is in this process, the gateway a program of its
 * own. A press is measured from the moment it was due, so that one that waits for a batch shows it.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { TerminalLog } from '../../device/log/terminal-log.js';
import type { Draft } from '../../device/log/session-log.js';
import { GatewayTime } from '../../device/sync/gateway-time.js';
import { MqttLink } from '../../device/sync/mqtt-link.js';
import { Sync } from '../../device/sync/sync.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  currentBootId,
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';
import { quantile, row } from './quantiles.js';

const TERMINAL = 't1';
const EVERY_MS = 6;
const AT_REST_PRESSES = 400;

export async function benchPressInDrain(ratings = 17_000): Promise<string[]> {
  const hall = await new Hall({ terminals: 0 }).start();
  try {
    const key = generateLogKey();
    const registering = ['terminal', 'add', TERMINAL, '--window', '1', '--public-key', key.publicKey];
    const added = await Program.run(['dist/gateway/pjq.js', ...registering, '--config', hall.gatewayConfig]);
    if (added.code !== 0) throw new Error(added.stderr);
    const bootId = currentBootId();
    const signer = headSigner(key.privatePem);
    const log = new TerminalLog({
      file: join(hall.folder, 'log.db'),
      source: `demo/${TERMINAL}`,
      bootId,
      suite: nodeSuite,
      signer,
      clock: systemClock,
      randomness: nodeRandomness,
      clockState: () => 'synced',
    });
    log.open();
    for (let n = 0; n < ratings; n += 100) log.append(Array.from({ length: 100 }, () => rating()).flat());
    const backlog = log.backlog();

    const atRest: number[] = [];
    await press(log, atRest, () => atRest.length < AT_REST_PRESSES);
    const sync = new Sync({
      log,
      link: new MqttLink({
        url: `mqtt://127.0.0.1:${hall.mqttPort}`,
        hall: 'demo',
        terminal: TERMINAL,
        connectTimeoutMs: 10_000,
        keepaliveSeconds: 15,
      }),
      suite: nodeSuite,
      signer,
      clock: systemClock,
      randomness: nodeRandomness,
      bootId,
      source: `demo/${TERMINAL}`,
      gatewayTime: new GatewayTime(systemClock, 2_000),
      retry: { initialMs: 1_000, factor: 2, capMs: 16_000, jitter: 0 },
      window: { batches: 3, minResendMs: 3_000, maxResendMs: 60_000 },
      logger: createLogger('bench', { level: 'silent' }),
      info: () => ({ v: 1, version: '0', keyId: signer.keyId }),
      health: () => ({
        v: 1,
        at: systemClock.wallMs(),
        parts: {},
        duty: 'on',
        service: 'idle',
        backlog: 0,
        rssBytes: process.memoryUsage.rss(),
      }),
      onCommand: ({ id }) => ({ v: 1, id, ok: true }),
      onConfig: () => undefined,
      onLink: () => undefined,
    });
    sync.start();
    await until('the drain begins', () => log.backlog() < backlog);
    const begun = performance.now();
    const inDrain: number[] = [];
    let left = log.backlog();
    const drained = left;
    await press(log, inDrain, () => (left = log.backlog()) > 1_000 && performance.now() - begun < 300_000);
    const perSecond = (drained - left + inDrain.length) / ((performance.now() - begun) / 1_000);
    await sync.stop();
    log.close();

    const bare = bareWrites(join(hall.folder, 'bare'));
    const [quiet, busy] = [quantile(atRest, 0.99), quantile(inDrain, 0.99)];
    return [
      `press -> commit A, at rest:          ${row(atRest, 'ms')}`,
      `press -> commit A, during the drain: ${row(inDrain, 'ms')} (promised: p99 <= 10 ms)`,
      `bare 4 KiB write + fdatasync:        ${row(bare, 'ms')}`,
      `ratio of p99, drain to rest ${(busy / quiet).toFixed(1)}; drained ${perSecond.toFixed(0)} entries/s meanwhile`,
    ];
  } finally {
    await hall.stop();
  }
}

/** Presses at their times, whether or not the one before was slow. */
async function press(log: TerminalLog, tookMs: number[], more: () => boolean): Promise<void> {
  let dueMs = performance.now();
  while (more()) {
    dueMs = Math.max(dueMs + EVERY_MS, performance.now());
    await passed(Math.max(0, dueMs - performance.now()));
    const [opened, pressed] = rating();
    if (opened === undefined || pressed === undefined) throw new Error('drafts are missing');
    log.append([pressed]);
    tookMs.push(performance.now() - dueMs);
  }
}

function rating(): Draft[] {
  const serviceId = randomBytes(12).toString('hex');
  const id = nodeRandomness.newId();
  const caseNo = `20260921${serviceId.slice(0, 8)}`;
  return [
    {
      kind: 'service.opened',
      body: { serviceId, caseNo, stage: 'completion', origin: 'local', window: '7', policy: 'default@5a0e7c31' },
    },
    { kind: 'press', body: { id, serviceId, level: 5, via: 'key' } },
    { kind: 'rating', body: { id, serviceId, level: 5, cause: 'time-over' } },
  ];
}

function bareWrites(path: string): number[] {
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4_096, 7);
  const tookMs = Array.from({ length: 500 }, () => {
    const begun = performance.now();
    writeSync(file, page, 0, page.length, 0);
    fdatasyncSync(file);
    return performance.now() - begun;
  });
  closeSync(file);
  return tookMs;
}
