/** A terminal's log in a folder of its own: the real one on a real disk; only the clock is driven. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { genesisHash, nextHash, parseEntry, type ClockState, type Entry, type Level } from '../../protocol/index.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
} from '../../protocol/runtime/node-suite.js';
import type { Timers } from '../../device/timers.js';
import type { Draft } from '../../device/log/session-log.js';
import { TerminalLog, type EpochPosition, type Promised } from '../../device/log/terminal-log.js';

export const SOURCE = 'hall/t1';
export const DAY_MS = 86_400_000;
const KEY = generateLogKey();
export const PUBLIC_KEY = KEY.publicKey;
export const SIGNER = headSigner(KEY.privatePem);
export const checkOwn = signatureCheck(KEY.publicKey);

/** True time, moved by the test; the wall clock may be off it. */
export class DrivenClock {
  nowMs = 1_790_000_000_000;
  wallOffsetMs = 0;
  wallMs = () => this.nowMs + this.wallOffsetMs;
  monoMs = () => this.nowMs - 1_789_999_000_000;
}

/** A folder that goes when the test is over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

/** The log as the program makes it, not opened yet. */
export function logIn(
  folder: string,
  clock = new DrivenClock(),
  timers?: Timers,
  clockState: () => ClockState = () => 'synced',
): TerminalLog {
  const log = new TerminalLog({
    file: fileIn(folder),
    source: SOURCE,
    bootId: 'bootbootboo',
    suite: nodeSuite,
    signer: SIGNER,
    clock,
    randomness: nodeRandomness,
    clockState,
    ...(timers ? { timers } : {}),
  });
  onTestFinished(() => log.close());
  return log;
}

export function openLog(folder: string, clock = new DrivenClock()): TerminalLog {
  const log = logIn(folder, clock);
  log.open();
  return log;
}

export function fileIn(folder: string): string {
  return join(folder, 'log.db');
}

/** The three entries of a service that is opened, pressed and rated. */
export function rated(serviceId: string, level: Level = 5): Draft[] {
  const id = nodeRandomness.newId();
  return [
    {
      kind: 'service.opened',
      body: { serviceId, caseNo: `case ${serviceId}`, stage: 'completion', origin: 'local', policy: 'test@1' },
    },
    { kind: 'press', body: { id, serviceId, level, via: 'key' } },
    { kind: 'rating', body: { id, serviceId, level, cause: 'time-over' } },
  ];
}

export const BOOT: Draft = { kind: 'boot', body: { version: '1' } };

export function live(log: TerminalLog): EpochPosition {
  const found = log.epochs().find((epoch) => epoch.live);
  if (found === undefined) throw new Error('no live epoch');
  return found;
}

/** What a gateway would have promised through `seq`. */
export function promised(log: TerminalLog, seq: number, more: Partial<Promised> = {}): Promised {
  const hash = log.hashAt(live(log), seq) ?? new Uint8Array(32);
  return {
    storeId: 'storestores',
    generation: 1,
    throughSeq: seq,
    headHash: nodeSuite.base64urlEncode(hash),
    sig: 'signature',
    ...more,
  };
}

export interface StoredEntry {
  readonly epochId: number;
  readonly seq: number;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

/** The rows of the file, read beside the log. */
export function storedEntries(folder: string, epochId?: number): StoredEntry[] {
  return onFile(folder, (db) =>
    (
      db
        .prepare('SELECT epoch_id AS epochId, seq, bytes, hash FROM entry ORDER BY epoch_id, seq')
        .all() as StoredEntry[]
    ).filter((row) => epochId === undefined || row.epochId === epochId),
  );
}

export function parsed(rows: readonly StoredEntry[]): Entry[] {
  return rows.map(({ bytes }) => parseEntry(nodeSuite, bytes));
}

/** Works on the file with SQL, as a fault or another version would. */
export function onFile<T>(folder: string, work: (db: Database.Database) => T): T {
  const db = new Database(fileIn(folder));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Whether the rows of an epoch are gapless from 1 and every hash follows from the one before. */
export function chainHolds(rows: readonly StoredEntry[], epoch: string): boolean {
  let hash = genesisHash(nodeSuite, SOURCE, epoch);
  return rows.every((row, index) => {
    hash = nextHash(nodeSuite, hash, row.bytes);
    return row.seq === index + 1 && row.hash.equals(hash);
  });
}
