/** A hall's store to be damaged and repaired in one process: real files, real chains, terminals that kept their log. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { repairStore } from '../../gateway/repair/repair-store.js';
import type { RepairReport } from '../../gateway/repair/repair-report.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { verifyFile, type VerifyReport } from '../../gateway/verify/verify-file.js';
import {
  headSigner,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
  type LogKeyPair,
} from '../../protocol/runtime/node-suite.js';
import { HallLog, OWN_SOURCE } from '../ingest/hall-log.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { VirtualClock } from '../ingest/virtual-clock.js';

export interface Served {
  readonly folder: string;
  readonly key: LogKeyPair;
  readonly terminals: readonly TerminalChain[];
  /** Level of each service, as it was pressed. */
  readonly levels: ReadonlyMap<string, number>;
}

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-repair-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

/** A hall with terminals that served, closed and whole. Its write-ahead log stays where `wal` says so. */
export async function servedHall(
  services: number,
  { terminals: total = 2, folder = freshFolder(), batch = 10 } = {},
): Promise<Served> {
  const hall = await HallLog.open({ folder });
  const terminals: TerminalChain[] = [];
  const levels = new Map<string, number>();
  for (let n = 1; n <= total; n += 1) terminals.push(await hall.terminal(`t${n}`));
  for (let n = 0; n < services; n += 1) {
    const chain = terminals[n % total] as TerminalChain;
    const level = ((n % 5) + 1) as 1 | 2 | 3 | 4 | 5;
    chain.ratedService(`s-${n}`, level);
    levels.set(`s-${n}`, level);
    chain.clock.advance(1_000);
  }
  for (const chain of terminals) await sendFrom(hall, chain, 1, batch);
  const { key } = hall;
  await hall.close();
  return { folder, key, terminals, levels };
}

/** Sends what a terminal keeps from `seq` on. */
export async function sendFrom(hall: HallLog, chain: TerminalChain, seq: number, batch = 30): Promise<void> {
  for (let from = seq; from <= chain.headSeq; from += batch)
    await hall.send(chain, chain.batch(from, Math.min(chain.headSeq, from + batch - 1)));
}

export function repair({ folder, key }: Pick<Served, 'folder' | 'key'>): Promise<RepairReport> {
  return repairStore(folder, {
    suite: nodeSuite,
    signer: headSigner(key.privatePem),
    verifyOwn: signatureCheck(key.publicKey),
    clock: new VirtualClock(),
    randomness: nodeRandomness,
    bootId: nodeRandomness.newId(),
    source: OWN_SOURCE,
    version: '0.0.0-test',
    hall: 'demo',
  });
}

export function verified({ folder, key }: Pick<Served, 'folder' | 'key'>): VerifyReport {
  return verifyFile(join(folder, DATABASE_FILE), { suite: nodeSuite, publicKeys: [key.publicKey] });
}

/** The repaired hall, after every terminal has sent again what the hall lacks. */
export async function afterSendingAgain({ folder, key, terminals }: Served): Promise<HallLog> {
  const hall = await HallLog.open({ folder, key });
  for (const chain of terminals) {
    const [row] = hall.rows<{ throughSeq: number }>(
      'SELECT throughSeq FROM epoch WHERE source = ? AND epoch = ?',
      chain.source,
      chain.epoch,
    );
    await sendFrom(hall, chain, (row?.throughSeq ?? 0) + 1);
  }
  return hall;
}

/** What the hall has as rated. */
export function ratedLevels(hall: HallLog): Map<string, number> {
  return new Map(
    hall
      .rows<{ serviceId: string; level: number }>('SELECT serviceId, level FROM rating')
      .map(({ serviceId, level }) => [serviceId, level]),
  );
}

/** The same hall in another folder, to be damaged. */
export function copied(served: Served, folder: string): Served {
  for (const suffix of ['', '-wal'])
    if (existsSync(join(served.folder, DATABASE_FILE + suffix)))
      copyFileSync(join(served.folder, DATABASE_FILE + suffix), join(folder, DATABASE_FILE + suffix));
  return { ...served, folder };
}

/** Changes bytes of the database's file. */
export function damage({ folder }: Pick<Served, 'folder'>, change: (bytes: Buffer) => Buffer): void {
  const file = join(folder, DATABASE_FILE);
  writeFileSync(file, change(readFileSync(file)));
}
