/** A terminal's log as its program makes it, caught at rest: the files of a program that was killed. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../../protocol/index.js';
import { readTerminalLog } from '../audit/log-files.js';
import { openTerminalLog } from '../tools/logs-under-test.js';

export interface Place {
  readonly epoch: string;
  readonly seq: number;
}

export interface MadeLog {
  readonly folder: string;
  /** Every entry, as it was written. */
  readonly entries: readonly (Place & { readonly bytes: Buffer })[];
  /** The gateway has the first so many. */
  readonly ackedSeq: number;
  /** How much of the write-ahead log is of this round; it keeps its full size. */
  readonly usedWalBytes: number;
}

const WAL_HEADER = 32;
const FRAME = 24 + 4_096;

/** Some services, of which the hall has the first ones; some are in the database, the others in the write-ahead log. */
export async function makeTerminalLog(
  root: string,
  folder: string,
  source: string,
  random: () => number,
): Promise<MadeLog> {
  const working = `${folder}-made`;
  mkdirSync(working, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const file = join(working, 'log.db');
  const services = 6 + Math.floor(random() * 50);
  const first = Math.floor(random() * services);
  const opened = await openTerminalLog(root, file, source);
  const write = (from: number, to: number) => {
    for (let n = from; n < to; n += 1) opened.log.append(rated(n, random));
  };
  write(0, first);
  const live = opened.log.epochs().find((epoch) => epoch.live);
  const ackedSeq = live?.endSeq ?? 0;
  if (live !== undefined && ackedSeq > 0) {
    const headHash = Buffer.from(opened.log.hashAt(live, ackedSeq) ?? []).toString('base64url');
    const promise = { storeId: 'storestores', generation: 1, throughSeq: ackedSeq, headHash, sig: 'none' };
    opened.log.acknowledge(live, promise);
  }
  // A program that was stopped has carried everything over into the database; one that was killed has not.
  const stoppedAfter = random() < 0.3 ? first : first + Math.floor(random() * (services - first + 1));
  write(first, stoppedAfter);
  opened.close();
  const again = await openTerminalLog(root, file, source);
  for (let n = stoppedAfter; n < services; n += 1) again.log.append(rated(n, random));
  copyAtRest(working, folder);
  again.close();
  const chains = readTerminalLog(file, source);
  return {
    folder,
    entries: chains.flatMap(({ epoch, entries }) => entries.map(({ seq, bytes }) => ({ epoch, seq, bytes }))),
    ackedSeq,
    usedWalBytes: usedWalBytes(join(folder, 'log.db-wal')),
  };
}

function rated(n: number, random: () => number) {
  const level = (1 + Math.floor(random() * 5)) as Level;
  const id = Buffer.from(`press-${String(n).padStart(5, '0')}`.slice(0, 8)).toString('base64url');
  const serviceId = `t1-service${String(n).padStart(4, '0')}`;
  return [
    {
      kind: 'service.opened',
      body: { serviceId, caseNo: `case-${n}`, stage: 'completion', origin: 'local', policy: 'test@1' },
    },
    { kind: 'press', body: { id, serviceId, level, via: 'key' } },
    { kind: 'rating', body: { id, serviceId, level, cause: 'time-over' } },
  ] as const;
}

/** Nobody writes meanwhile; the index of the write-ahead log is made anew by whoever opens it. */
function copyAtRest(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (!name.endsWith('-shm') && !name.includes('.ballast') && !name.includes('.reserve'))
      copyFileSync(join(from, name), join(to, name));
  }
}

/** Frames with the salt of the header are of this round. */
function usedWalBytes(path: string): number {
  if (!existsSync(path)) return 0;
  const bytes = readFileSync(path);
  if (bytes.length < WAL_HEADER) return bytes.length;
  const salt = bytes.subarray(16, 24);
  let used = WAL_HEADER;
  for (let at = WAL_HEADER; at + FRAME <= bytes.length; at += FRAME) {
    if (!bytes.subarray(at + 8, at + 16).equals(salt)) break;
    used = at + FRAME;
  }
  return used;
}
