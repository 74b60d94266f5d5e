/**
 * The gateway-alone ceiling: a night's backlog through the real ingest into the real store, beside what its parts
 * cost bare in the same run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBacklog, makeOnline } from './ingest-backlog.js';
import { bareDecoding, bareInserts, bareVerifying } from './ingest-ceilings.js';
import { drain } from './ingest-drain.js';
import { row } from './quantiles.js';

const TERMINALS = [1, 100, 300];

export async function benchIngest(ratings: number, terminals: readonly number[] = TERMINALS): Promise<string[]> {
  const lines: string[] = [];
  for (const count of terminals) {
    const backlog = makeBacklog(count, ratings);
    const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-'));
    try {
      const { ms, entries, commits, acks, onlineMs } = await drain(folder, backlog, makeOnline(ratings));
      const insertMs = bareInserts(folder, join(folder, 'bare.db'), Math.ceil(entries / commits));
      const decodeMs = bareDecoding(backlog);
      const verifyMs = bareVerifying(backlog);
      const speed = (took: number) => `${(entries / took).toFixed(1)} k/s`;
      const partsMs = insertMs + decodeMs + verifyMs;
      lines.push(
        `ingest of ${ratings} ratings (${entries} entries) from ${count} terminals: ${speed(ms)} entries, ${(ratings / ms).toFixed(1)} k/s ratings; ${commits} commits, ${acks} acks`,
        `  a terminal at work meanwhile, message -> ack: ${row(onlineMs, 'ms')}`,
        `  bare, same data: inserts ${speed(insertMs)}, unpacking ${speed(decodeMs)}, signatures ${speed(verifyMs)}, one after the other ${speed(partsMs)}: reached ${((100 * partsMs) / ms).toFixed(0)} % of it, ${((100 * insertMs) / ms).toFixed(0)} % of the inserts alone`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  }
  return lines;
}
