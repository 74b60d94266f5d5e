/**
 * Checks the log's file in a thread of its own: SQLite answers only when it has read the whole file, and a press
 * must not wait for that. A second connection, which only reads.
 */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { genesisHash } from '../../protocol/chain.js';
import type { EntryBody } from '../../protocol/entry.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import type { LogCheckAnswer, LogCheckQuestion } from './log-check.js';
import { chainHolds } from './chain-holds.js';
import { PLACE, PLACED_SEQ } from './entry-place.js';
import type { EntryRow } from './vouched-entries.js';

const { file, source, head, tailEntries } = workerData as LogCheckQuestion;
const say = (answer: LogCheckAnswer) => parentPort?.postMessage(answer);

try {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 1_000 });
  say({ chain: unless(() => chainOf(db), 'broken') });
  say({
    integrity: unless(() => (db.pragma('quick_check(1)', { simple: true }) === 'ok' ? 'ok' : 'damaged'), 'damaged'),
  });
  db.close();
} catch {
  say({ chain: 'unreadable', integrity: 'unreadable' });
}

/** What the last entries say: each follows from the one before, and the last is the one that was written last. */
function chainOf(db: Database.Database): 'ok' | 'broken' | 'head-differs' {
  const epoch = db.prepare('SELECT epoch, pruned_seq, checkpoint FROM epoch WHERE id = ?').get(head.epochId) as
    { epoch: string; pruned_seq: number; checkpoint: string | null } | undefined;
  if (epoch === undefined) return 'head-differs';
  const hashAt = (seq: number) =>
    db.prepare(`SELECT hash FROM entry WHERE place = ${PLACE}`).pluck().get(head.epochId, seq) as Buffer | undefined;
  if (head.seq > epoch.pruned_seq && hashAt(head.seq)?.equals(head.hash) !== true) return 'head-differs';
  const from = Math.max(epoch.pruned_seq + 1, head.seq - tailEntries + 1);
  const rows = db.prepare(
    `SELECT ${PLACED_SEQ}, bytes, hash FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place`,
  );
  const found = rows.iterate(head.epochId, from, head.epochId, head.seq) as IterableIterator<EntryRow>;
  return chainHolds(nodeSuite, hashAt(from - 1) ?? before(epoch, from), from, head.seq, found) ? 'ok' : 'broken';
}

/** The chain before the first entry that is still there. */
function before({ epoch, checkpoint }: { epoch: string; checkpoint: string | null }, from: number): Uint8Array | null {
  if (from === 1) return genesisHash(nodeSuite, source, epoch);
  if (checkpoint === null) return null;
  const { seq, hash } = JSON.parse(checkpoint) as EntryBody<'checkpoint'>;
  return seq === from - 1 ? nodeSuite.base64urlDecode(hash) : null;
}

/** What SQLite calls corrupt is damage; any other error says nothing of the file. */
function unless<T>(check: () => T, damaged: T): T | 'unreadable' {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return /^SQLITE_(CORRUPT|NOTADB)/.test(error.code) ? damaged : 'unreadable';
  }
}
