/** What the parts of a drain cost bare, with the very data of a drain: rows into SQLite, unpacking, signatures. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { batchDictionary } from '../../protocol/batch-dictionary.js';
import { batchHead, decodeBatch, headMessage, timeMessage } from '../../protocol/index.js';
import { nodeSuite, signatureCheck } from '../../protocol/runtime/node-suite.js';
import type { TerminalBacklog } from './ingest-backlog.js';

/** Tables that a rating fills, in the order in which an entry's rows are written. */
const TABLES = ['service', 'press', 'rating', 'forward'] as const;

/**
 * The rows of a drained store, written again by bare prepared inserts into an empty store of the same schema.
 * @returns ms.
 */
export function bareInserts(drained: string, target: string, rowsATransaction: number): number {
  const from = new Database(join(drained, DATABASE_FILE), { readonly: true });
  const to = new Database(target);
  to.pragma('journal_mode = WAL');
  to.pragma('synchronous = FULL');
  for (const { sql } of from
    .prepare<[], { sql: string }>("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'")
    .all())
    to.exec(sql);
  const rows = (table: string) => from.prepare<[], unknown[]>(`SELECT * FROM ${table} ORDER BY rowid`).raw().all();
  const insert = (table: string, columns: number) =>
    to.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`);
  const entries = rows('entry');
  const parts = TABLES.map((table) => {
    const all = rows(table);
    return { all, statement: insert(table, all[0]?.length ?? 0) };
  });
  const entry = insert('entry', entries[0]?.length ?? 0);
  const begun = performance.now();
  for (let at = 0; at < entries.length; at += rowsATransaction) {
    to.exec('BEGIN IMMEDIATE');
    for (const row of entries.slice(at, at + rowsATransaction)) entry.run(row);
    for (const { all, statement } of parts) {
      const share = (index: number) => Math.floor((Math.min(index, entries.length) * all.length) / entries.length);
      for (const row of all.slice(share(at), share(at + rowsATransaction))) statement.run(row);
    }
    to.exec('COMMIT');
  }
  const ms = performance.now() - begun;
  to.close();
  from.close();
  return ms;
}

/** Inflate, split, JSON.parse and SHA-256 of every entry. @returns ms. */
export function bareDecoding(backlog: readonly TerminalBacklog[]): number {
  const dictionary = batchDictionary(nodeSuite);
  const begun = performance.now();
  for (const { batches } of backlog) {
    for (const { payload } of batches) {
      const raw = inflateRawSync(payload.subarray(8), { dictionary });
      let hash: Uint8Array = Buffer.alloc(32);
      for (let from = raw.indexOf(10) + 1; from > 0;) {
        const end = raw.indexOf(10, from);
        const bytes = raw.subarray(from, end < 0 ? raw.length : end);
        hash = createHash('sha256').update(hash).update(bytes).digest();
        JSON.parse(bytes.toString());
        from = end + 1;
      }
    }
  }
  return performance.now() - begun;
}

/** Two signatures a batch: its head, its claim of time. @returns ms. */
export function bareVerifying(backlog: readonly TerminalBacklog[]): number {
  const checks = backlog.flatMap(({ key, batches }) => {
    const check = signatureCheck(key.publicKey);
    return batches.map(({ payload }) => {
      const batch = decodeBatch(nodeSuite, payload);
      const head = batchHead(batch);
      return {
        check,
        head: headMessage(nodeSuite, head),
        headSig: nodeSuite.base64urlDecode(batch.header.sig),
        time: timeMessage(nodeSuite, head, batch.header.time),
        timeSig: nodeSuite.base64urlDecode(batch.header.timeSig),
      };
    });
  });
  const begun = performance.now();
  for (const { check, head, headSig, time, timeSig } of checks)
    if (!check(head, headSig) || !check(time, timeSig)) throw new Error('a signature does not hold');
  return performance.now() - begun;
}
