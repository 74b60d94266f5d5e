/**
 * A terminal's log and sync against a hall; only the wire between them is simulated. Time is driven: call
 * `vi.useFakeTimers(FAKED)` first.
 */
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { encodeMessage, type Command, type Reply, type RetryPolicy } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { GatewayTime } from '../../device/sync/gateway-time.js';
import { Sync } from '../../device/sync/sync.js';
import { DrivenClock, live, SIGNER } from '../device-log/log-at-work.js';
import { SimulatedHall } from './simulated-hall.js';
import { SimulatedLink } from './simulated-link.js';

/** What is faked of time; immediates and promises run on. */
export const FAKED = { toFake: ['setTimeout', 'clearTimeout'] } satisfies Parameters<typeof vi.useFakeTimers>[0];
export const RETRY: RetryPolicy = { initialMs: 1_000, factor: 2, capMs: 16_000, jitter: 0 };
export const WINDOW = { batches: 3, minResendMs: 3_000, maxResendMs: 60_000 };

export interface SyncAtWork {
  readonly clock: DrivenClock;
  readonly log: TerminalLog;
  readonly sync: Sync;
  readonly link: SimulatedLink;
  readonly hall: SimulatedHall;
  readonly gatewayTime: GatewayTime;
  readonly linkStates: string[];
  readonly folder: string;
  /** Lets everything that can happen now happen. */
  settle(): Promise<void>;
  /** Time passes, in steps in which everything happens. */
  pass(ms: number, stepMs?: number): Promise<void>;
  command(command: Command): void;
  /** Whether the hall has everything that the log has. */
  level(): Promise<boolean>;
}

export async function syncAtWork(options: {
  folder: string;
  onCommand?: (command: Command) => Reply;
  windowBatches?: number;
}): Promise<SyncAtWork> {
  const clock = new DrivenClock();
  const hall = new SimulatedHall(clock);
  await hall.open();
  const log = new TerminalLog({
    file: join(options.folder, 'log.db'),
    source: 'hall/t1',
    bootId: 'bootbootboo',
    suite: nodeSuite,
    signer: SIGNER,
    clock,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  log.open();
  const link = new SimulatedLink();
  const gatewayTime = new GatewayTime(clock, 2_000);
  const linkStates: string[] = [];
  const sync = new Sync({
    log,
    link,
    suite: nodeSuite,
    signer: SIGNER,
    clock,
    randomness: nodeRandomness,
    bootId: 'bootbootboo',
    source: 'hall/t1',
    gatewayTime,
    retry: RETRY,
    window: { ...WINDOW, batches: options.windowBatches ?? WINDOW.batches },
    logger: createLogger('test', { level: 'silent' }),
    info: () => ({ v: 1, version: '0', keyId: SIGNER.keyId }),
    health: () => ({
      v: 1,
      at: clock.wallMs(),
      parts: {},
      duty: 'on',
      service: 'idle',
      backlog: log.backlog(),
      rssBytes: 1,
    }),
    onCommand: options.onCommand ?? (({ id }) => ({ v: 1, id, ok: true })),
    onConfig: () => undefined,
    onLink: (state) => {
      if (linkStates.at(-1) !== state) linkStates.push(state);
    },
  });
  link.deliver = (message) => hall.hear(message);
  hall.onAck = (payload) => link.receive({ channel: 'ack', payload });
  onTestFinished(async () => {
    await sync.stop();
    log.close();
  });
  const settle = async () => {
    for (let round = 0; round < 6; round += 1) {
      for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await hall.idle();
    }
  };
  return {
    clock,
    log,
    sync,
    link,
    hall,
    gatewayTime,
    linkStates,
    folder: options.folder,
    settle,
    pass: async (ms, stepMs = 250) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.nowMs += stepMs;
        vi.advanceTimersByTime(stepMs);
        await settle();
      }
    },
    command: (command) => link.receive({ channel: 'cmd', payload: encodeMessage(nodeSuite, 'cmd', command) }),
    level: async () => {
      const { epoch, endSeq, ackedSeq } = live(log);
      const row = await hall.store.db
        .selectFrom('epoch')
        .select('throughSeq')
        .where('epoch', '=', epoch)
        .executeTakeFirst();
      return row?.throughSeq === endSeq && ackedSeq === endSeq && log.backlog() === 0;
    },
  };
}
