/**
 * A backup of the hall's database while the gateway runs: one consistent moment, in one file, proven before it takes
 * its name. `VACUUM INTO` and not SQLite's copy in steps: that begins anew whenever another process writes, and under
 * a hall at work never ends. A reader holds nobody up in WAL mode; only the write-ahead log waits with its clearing.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PjqError, type Suite } from '../../protocol/index.js';
import { storeFault } from '../store/store-fault.js';
import { verifyFile } from '../verify/verify-file.js';

export interface BackupOptions {
  readonly suite: Suite;
  /** The gateway's own public key, raw Ed25519 in base64url: the heads of its own log are checked with it. */
  readonly publicKey: string;
}

export interface Backup {
  readonly bytes: number;
  readonly chains: number;
  readonly entries: number;
}

/**
 * Writes `file`, in the place of an older backup of that name if there is one, which stays until the new one is
 * proven. Readable by its owner only.
 * @throws PjqError `store-damaged` when the copy does not verify, and then leaves no file.
 */
export function backupDatabase(database: string, file: string, { suite, publicKey }: BackupOptions): Backup {
  const unproven = `${file}.part`;
  rmSync(unproven, { force: true });
  try {
    closeSync(openSync(unproven, 'wx', 0o600));
    copy(database, unproven);
    sync(unproven);
    const { chains, entries } = prove(unproven, suite, publicKey);
    renameSync(unproven, file);
    sync(dirname(file));
    return { bytes: statSync(file).size, chains, entries };
  } catch (error) {
    rmSync(unproven, { force: true });
    throw storeFault(error) === 'damaged' ? new PjqError('store-damaged', database, { cause: error }) : error;
  }
}

function copy(from: string, to: string): void {
  const source = new Database(from, { readonly: true, fileMustExist: true });
  try {
    source.prepare('VACUUM INTO ?').run(to);
  } finally {
    source.close();
  }
}

function prove(file: string, suite: Suite, publicKey: string): { chains: number; entries: number } {
  const db = new Database(file, { readonly: true });
  try {
    const [first] = db.pragma('quick_check(1)', { simple: false }) as { quick_check: string }[];
    if (first?.quick_check !== 'ok') throw new PjqError('store-damaged', first?.quick_check ?? 'no answer');
  } finally {
    db.close();
  }
  const { ok, chains, entries } = verifyFile(file, { suite, publicKeys: [publicKey] });
  const broken = chains.find((chain) => !chain.ok);
  if (!ok) throw new PjqError('store-damaged', `${broken?.source} ${broken?.epoch}: ${broken?.verdict}`);
  return { chains: chains.length, entries };
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
