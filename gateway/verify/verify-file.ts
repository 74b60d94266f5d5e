/**
 * Verifies a database by itself: a terminal's log, a gateway's store, or a backup of either. It reads; it
 * never writes.
 */
import Database from 'better-sqlite3';
import { ackMessage, equalBytes, headMessage, PjqError, type Suite } from '../../protocol/index.js';
import { keyIdOf, signatureCheck } from '../../protocol/runtime/node-suite.js';
import { walkChain, type ChainRow, type KnownAbsence } from './verify-chain.js';

export interface VerifyOptions {
  readonly suite: Suite;
  /** Further keys to check signatures with (a gateway's own key is not in its database). */
  readonly publicKeys: readonly string[];
  /** hall/terminal of a terminal's log, when its first entry is not to be believed. */
  readonly source?: string | undefined;
}

export interface ChainReport {
  readonly source: string;
  readonly epoch: string;
  readonly entries: number;
  /** The head that a report rests on, base64url. */
  readonly headHash: string;
  readonly ok: boolean;
  /** The first fault, or what the chain's proof rests on. */
  readonly verdict: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly entries: number;
  readonly chains: readonly ChainReport[];
}

type Keys = ReadonlyMap<string, string>;

/** @throws PjqError `request-malformed` when the file is neither kind of database. */
export function verifyFile(file: string, options: VerifyOptions): VerifyReport {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const columns = new Set((db.pragma('table_info(entry)') as { name: string }[]).map(({ name }) => name));
    const chains = columns.has('epochId') ? verifyStore(db, options) : columns.has('epoch_id') ? verifyTerminal(db, options) : null;
    if (chains === null) throw new PjqError('request-malformed', `${file} is neither a terminal's log nor a gateway's database`);
    return { ok: chains.every(({ ok }) => ok), entries: chains.reduce((sum, chain) => sum + chain.entries, 0), chains };
  } finally {
    db.close();
  }
}

interface StoreEpoch {
  id: number; source: string; epoch: string; throughSeq: number; headHash: Buffer; signedSeq: number | null; keyId: string | null; signature: Buffer | null;
}

function verifyStore(db: Database.Database, options: VerifyOptions): ChainReport[] {
  const { suite } = options;
  const registered = db.prepare('SELECT keyId, publicKey FROM terminalKey').all() as { keyId: string; publicKey: string }[];
  const keys: Keys = new Map([...registered.map((row) => [row.keyId, row.publicKey] as const), ...options.publicKeys.map((key) => [keyIdOf(key), key] as const)]);
  const epochs = db.prepare('SELECT * FROM epoch ORDER BY id').all() as StoreEpoch[];
  const orphan = db.prepare('SELECT epochId, seq FROM entry WHERE epochId NOT IN (SELECT id FROM epoch) LIMIT 1').get() as { epochId: number; seq: number } | undefined;
  const reports = epochs.map((row) => {
    const rows = db.prepare('SELECT seq, bytes, hash FROM entry WHERE epochId = ? ORDER BY seq').iterate(row.id) as IterableIterator<ChainRow>;
    const gaps = db.prepare('SELECT fromSeq, throughSeq, hash FROM gap WHERE epochId = ?').all(row.id) as KnownAbsence[];
    const walk = walkChain(suite, row, rows, gaps);
    const fault = walk.fault
      ?? (walk.seq < row.throughSeq ? `entry ${walk.seq + 1} is missing` : null)
      ?? (walk.seq > row.throughSeq ? `entry ${row.throughSeq + 1} was inserted` : null)
      ?? (equalBytes(walk.hash, row.headHash) ? null : `the head is not the chain's`);
    const signed = fault === null ? signatureOf(suite, row, keys) : { ok: false, text: '' };
    return report(suite, row.source, row.epoch, walk, fault ?? (signed.ok ? null : signed.text), `${signed.text}${gaps.length > 0 ? `, ${gaps.length} named gaps` : ''}`);
  });
  if (orphan === undefined) return reports;
  return [...reports, {
    source: '?', epoch: String(orphan.epochId), entries: 0, headHash: '', ok: false, verdict: `entry ${orphan.seq} was inserted: it belongs to no chain`,
  }];
}

function signatureOf(suite: Suite, row: StoreEpoch, keys: Keys): { ok: boolean; text: string } {
  if (row.throughSeq === 0) return { ok: true, text: 'empty' };
  if (row.keyId === null || row.signature === null || row.signedSeq !== row.throughSeq) return { ok: false, text: 'the head is not signed' };
  const publicKey = keys.get(row.keyId);
  if (publicKey === undefined) return { ok: true, text: `signature not checked: key ${row.keyId} is not known here, give it with --public-key` };
  const message = headMessage(suite, { source: row.source, epoch: row.epoch, seq: row.throughSeq, hash: row.headHash });
  return signatureCheck(publicKey)(message, row.signature)
    ? { ok: true, text: `head signed by ${row.keyId}` }
    : { ok: false, text: `the signature of the head by ${row.keyId} is wrong` };
}

interface TerminalEpoch { id: number; epoch: string; pruned_seq: number; checkpoint: string | null; promise: string | null }

function verifyTerminal(db: Database.Database, options: VerifyOptions): ChainReport[] {
  const { suite } = options;
  const keys: Keys = new Map(options.publicKeys.map((key) => [keyIdOf(key), key] as const));
  const epochs = db.prepare('SELECT * FROM epoch ORDER BY id').all() as TerminalEpoch[];
  return epochs.map((row) => {
    const source = options.source ?? sourceOf(suite, db, row.id);
    const checkpoint = row.checkpoint === null ? null : (JSON.parse(row.checkpoint) as { seq: number; hash: string; keyId: string; sig: string });
    const absences = checkpoint === null ? [] : [{ fromSeq: 1, throughSeq: checkpoint.seq, hash: suite.base64urlDecode(checkpoint.hash) }];
    const rows = db.prepare('SELECT seq, bytes, hash FROM entry WHERE epoch_id = ? ORDER BY seq').iterate(row.id) as IterableIterator<ChainRow>;
    const walk = walkChain(suite, { source, epoch: row.epoch }, rows, absences);
    const promise = row.promise === null ? null : (JSON.parse(row.promise) as { storeId: string; generation: number; throughSeq: number; headHash: string; sig: string });
    const fault = walk.fault ?? promiseFault(db, suite, source, row, promise, walk.seq, keys);
    return report(suite, source, row.epoch, walk, fault, promise === null ? 'no acknowledgement to compare with' : `agrees with the acknowledgement of ${promise.throughSeq}`);
  });
}

/** What the gateway acknowledged must still stand here as it was. */
function promiseFault(
  db: Database.Database, suite: Suite, source: string, row: TerminalEpoch,
  promise: { storeId: string; generation: number; throughSeq: number; headHash: string; sig: string } | null, headSeq: number, keys: Keys,
): string | null {
  if (promise === null || promise.throughSeq <= row.pruned_seq) return null;
  if (promise.throughSeq > headSeq) return `entry ${headSeq + 1} is missing: it was acknowledged`;
  const stored = db.prepare('SELECT hash FROM entry WHERE epoch_id = ? AND seq = ?').get(row.id, promise.throughSeq) as { hash: Buffer } | undefined;
  if (stored === undefined || suite.base64urlEncode(stored.hash) !== promise.headHash) return `the chain at ${promise.throughSeq} is not the one that was acknowledged`;
  const message = ackMessage(suite, source, { epoch: row.epoch, ...promise });
  const signature = suite.base64urlDecode(promise.sig);
  const checked = [...keys.values()].map((key) => signatureCheck(key)(message, signature));
  return checked.length > 0 && !checked.includes(true) ? 'the signature of the acknowledgement is wrong' : null;
}

function sourceOf(suite: Suite, db: Database.Database, epochId: number): string {
  const first = db.prepare('SELECT bytes FROM entry WHERE epoch_id = ? ORDER BY seq LIMIT 1').get(epochId) as { bytes: Buffer } | undefined;
  if (first === undefined) return '?';
  try {
    return String((JSON.parse(suite.utf8Decode(first.bytes)) as { source?: unknown }).source);
  } catch {
    return '?';
  }
}

function report(suite: Suite, source: string, epoch: string, walk: { entries: number; hash: Uint8Array }, fault: string | null, rests: string): ChainReport {
  return { source, epoch, entries: walk.entries, headHash: suite.base64urlEncode(walk.hash), ok: fault === null, verdict: fault ?? rests };
}
