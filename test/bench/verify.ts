/**
 * `pjq verify` of a million entries, beside the bare hashing of the same entries in the same run: what any proof of a
 * chain costs at least.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nextHash } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { makeLargeStore } from '../verify/large-store.js';
import { quantile } from './quantiles.js';

const TERMINALS = 50;
const ROUNDS = 3;
/** Hashed from memory, so many at a time: reading them is not measured. */
const CHUNK = 20_000;

export async function benchVerify(entries: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-verify-'));
  try {
    const { file, key, entries: total } = await makeLargeStore(folder, entries, TERMINALS);
    const bareMs: number[] = [];
    const chainsMs: number[] = [];
    const allMs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bareMs.push(hashBarely(file));
      chainsMs.push(verify(file, key.publicKey, false));
      allMs.push(verify(file, key.publicKey, true));
    }
    const line = (what: string, ms: readonly number[]) =>
      `verify ${total} entries of ${TERMINALS} terminals, ${what}: ${(quantile(ms, 0.5) / 1000).toFixed(1)} s, ratio to bare hashing ${(quantile(ms, 0.5) / quantile(bareMs, 0.5)).toFixed(2)}`;
    return [
      `bare hashing of ${total} entries: ${(quantile(bareMs, 0.5) / 1000).toFixed(1)} s`,
      `${line('chains and signatures', chainsMs)} (promised: <= 10 s a million, or ratio <= 3)`,
      line('tables as well', allMs),
      `VmHWM of the run ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** @returns ms of hashing alone, one digest an entry, as the chain makes it. */
function hashBarely(file: string): number {
  const db = new Database(file, { readonly: true });
  const read = db.prepare(`SELECT id, bytes FROM entry WHERE id > ? ORDER BY id LIMIT ${CHUNK}`);
  let [last, totalMs] = [0, 0];
  let hash: Uint8Array = Buffer.alloc(32);
  for (;;) {
    const rows = read.all(last) as { id: number; bytes: Buffer }[];
    const end = rows.at(-1);
    if (end === undefined) break;
    last = end.id;
    const began = performance.now();
    for (const { bytes } of rows) hash = nextHash(nodeSuite, hash, bytes);
    totalMs += performance.now() - began;
  }
  db.close();
  return totalMs;
}

/** @returns ms. */
function verify(file: string, publicKey: string, tables: boolean): number {
  const began = performance.now();
  const report = verifyFile(file, { suite: nodeSuite, publicKeys: [publicKey], tables });
  if (!report.ok) throw new Error(`not verified: ${JSON.stringify(report.faults)}`);
  return performance.now() - began;
}
