/**
 * A hall before the morning: terminals whose logs hold what the night has written, and a gateway that knows their
 * keys and has none of it. Written once a shape, through the real log; every run takes a copy.
 */
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerminalLog } from '../../../device/log/terminal-log.js';
import { gatewayConfigurationSchema } from '../../../gateway/configuration.js';
import { openHall } from '../../../gateway/open-hall.js';
import { terminalSource, type Clock } from '../../../protocol/index.js';
import { openLogKey } from '../../../protocol/runtime/log-key.js';
import { nodeRandomness, nodeSuite } from '../../../protocol/runtime/node-suite.js';
import { newFolder } from './folders.js';
import { HALL, LOG, LOG_KEY } from './hall-of-the-bench.js';

const SECRET = 'a-secret-for-measuring-only';
/** What an opened log has beside its entries: its write-ahead log, at full size from the start. */
const LOG_FILE_BYTES = 5 * 2 ** 20;
const BYTES_A_RATING = 4_000;
/** 2026-09-21 18:00 in Lhasa. */
const EVENING_MS = 1_789_984_800_000;

export interface Backlog {
  readonly folder: string;
  readonly terminals: readonly string[];
  readonly ratings: number;
  /** Last seq of every terminal's log. */
  readonly endSeq: ReadonlyMap<string, number>;
  readonly entries: number;
}

/**
 * @param options.online further terminals without a backlog, named `o1`, `o2`, …
 * @param options.ratings in all; shared out evenly.
 */
export async function writeBacklog(options: {
  readonly terminals: number;
  readonly ratings: number;
  readonly online: number;
}): Promise<Backlog> {
  const { terminals: total, ratings, online } = options;
  const folder = mkdtempSync(join(quickFolder(total * LOG_FILE_BYTES + ratings * BYTES_A_RATING), 'pjq-backlog-'));
  const terminals = Array.from({ length: total }, (_, n) => `t${n + 1}`);
  const others = Array.from({ length: online }, (_, n) => `o${n + 1}`);
  writeFileSync(join(folder, 'secret'), SECRET);
  await registerTerminals(folder, [...terminals, ...others]);
  const endSeq = new Map<string, number>();
  terminals.forEach((terminal, index) => {
    const share = Math.floor(ratings / total) + (index < ratings % total ? 1 : 0);
    endSeq.set(terminal, writeLog(join(folder, terminal), terminal, index + 1, share));
  });
  const entries = [...endSeq.values()].reduce((sum, seq) => sum + seq, 0);
  return { folder, terminals, ratings, endSeq, entries };
}

/** Makes keys for terminals, each in a folder of its own, and tells the gateway's store in `folder` of them. */
export async function registerTerminals(folder: string, terminals: readonly string[]): Promise<void> {
  const { store, registry } = await openHall(
    gatewayConfigurationSchema.parse(gatewayConfiguration(folder, { mqtt: 0, centre: 1 })),
  );
  try {
    for (const [index, terminal] of terminals.entries()) {
      mkdirSync(join(folder, terminal));
      const { publicKey } = openLogKey(join(folder, terminal, LOG_KEY));
      await registry.addTerminal(terminal, String(index + 1), publicKey);
    }
  } finally {
    await store.close();
  }
}

/** The gateway's configuration in a folder made by `writeBacklog`, or in a copy of one. */
export function gatewayConfiguration(folder: string, ports: { readonly mqtt: number; readonly centre: number }) {
  return {
    hall: HALL,
    gateway: 'gw',
    dataDir: join(folder, 'gateway'),
    policyFile: 'gateway/policies/default.yaml',
    http: { port: 0, secretFile: join(folder, 'secret') },
    mqtt: { embedded: { port: ports.mqtt } },
    centre: {
      url: `http://127.0.0.1:${ports.centre}`,
      secretFile: join(folder, 'secret'),
      timeoutMs: 120_000,
      concurrency: 1,
    },
  };
}

/** A copy on the disk that is measured, or in another folder. */
export function copyOf(backlog: Backlog, within?: string): string {
  const folder = newFolder('drain', within);
  cpSync(backlog.folder, folder, { recursive: true });
  return folder;
}

/** Memory serves as a disk where there is enough of it: what is measured is not the writing of the backlog. */
function quickFolder(bytes: number): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > bytes * 2 ? memory : tmpdir();
}

/** @returns the last seq. */
function writeLog(folder: string, terminal: string, window: number, ratings: number): number {
  const { signer } = openLogKey(join(folder, LOG_KEY));
  let passedMs = 1_000_000;
  const clock: Clock = { wallMs: () => EVENING_MS + passedMs, monoMs: () => passedMs };
  const log = new TerminalLog({
    file: join(folder, LOG),
    source: terminalSource(HALL, terminal),
    bootId: nodeRandomness.newId(),
    suite: nodeSuite,
    signer,
    clock,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  log.open();
  const passes = (leastMs: number, mostMs: number) => {
    passedMs += leastMs + Math.floor(Math.random() * (mostMs - leastMs));
  };
  for (let n = 0; n < ratings; n += 1) {
    const serviceId = randomBytes(8).toString('hex');
    const id = nodeRandomness.newId();
    const level = LEVELS[Math.floor(Math.random() * LEVELS.length)] ?? 5;
    passes(500, 90_000);
    log.append([
      {
        kind: 'service.opened',
        body: {
          serviceId,
          caseNo: `20260921${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
          stage: 'completion',
          origin: 'command',
          window: String(window),
          staffNo: '1024',
          policy: 'default@5a0e7c31',
        },
      },
    ]);
    passes(1_000, 30_000);
    log.append([{ kind: 'press', body: { id, serviceId, level, via: 'key' } }]);
    passes(5_000, 5_050);
    log.append([{ kind: 'rating', body: { id, serviceId, level, cause: 'time-over' } }]);
  }
  const { seq } = log.head();
  log.close();
  return seq;
}

/** As a hall rates: most are satisfied. */
const LEVELS = [5, 5, 5, 4, 4, 3, 2, 1] as const;
