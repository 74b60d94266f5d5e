/**
 * Verifies a database by itself: a terminal's log, a gateway's store, or a backup of either. It reads; it
 * never writes.
 */
import Database from 'better-sqlite3';
import {
  ackMessage,
  equalBytes,
  headMessage,
  parseEntry,
  parseTerminalSource,
  PjqError,
  readBody,
  type AckMessage,
  type EntryBody,
  type Suite,
} from '../../protocol/index.js';
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

/** Keys by their id; the id is computed, so that nobody's key can pass under another's id. */
function keysOf(...publicKeys: readonly string[]): Keys {
  return new Map(publicKeys.map((key) => [keyIdOf(key), key]));
}

/** @throws PjqError `request-malformed` when the file is neither kind of database. */
export function verifyFile(file: string, options: VerifyOptions): VerifyReport {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const columns = new Set((db.pragma('table_info(entry)') as { name: string }[]).map(({ name }) => name));
    const chains = columns.has('epochId')
      ? verifyStore(db, options)
      : columns.has('epoch_id')
        ? verifyTerminal(db, options)
        : null;
    if (chains === null)
      throw new PjqError('request-malformed', `${file} is neither a terminal's log nor a gateway's database`);
    return { ok: chains.every(({ ok }) => ok), entries: chains.reduce((sum, chain) => sum + chain.entries, 0), chains };
  } finally {
    db.close();
  }
}

interface StoreEpoch {
  id: number;
  source: string;
  epoch: string;
  throughSeq: number;
  headHash: Buffer;
  signedSeq: number | null;
  keyId: string | null;
  signature: Buffer | null;
}

function verifyStore(db: Database.Database, options: VerifyOptions): ChainReport[] {
  const { suite } = options;
  const registered = db.prepare('SELECT publicKey FROM terminalKey').all() as { publicKey: string }[];
  const keys = keysOf(...registered.map(({ publicKey }) => publicKey), ...options.publicKeys);
  const named = namedGaps(db, suite);
  const epochs = db.prepare('SELECT * FROM epoch ORDER BY id').all() as StoreEpoch[];
  const orphan = db
    .prepare('SELECT epochId, seq FROM entry WHERE epochId NOT IN (SELECT id FROM epoch) LIMIT 1')
    .get() as { epochId: number; seq: number } | undefined;
  const reports = epochs.map((row) => {
    const rows = db
      .prepare('SELECT seq, bytes, hash FROM entry WHERE epochId = ? ORDER BY seq')
      .iterate(row.id) as IterableIterator<ChainRow>;
    const gaps = (
      db.prepare('SELECT fromSeq, throughSeq, hash FROM gap WHERE epochId = ?').all(row.id) as KnownAbsence[]
    ).filter((gap) => named.has(gapName({ ...row, ...gap })));
    const misplaced = db
      .prepare(
        "SELECT seq FROM entry JOIN quarantine ON entryId = entry.id WHERE epochId = ? AND code = 'entry-misplaced'",
      )
      .all(row.id) as { seq: number }[];
    const walk = walkChain(suite, row, rows, gaps, new Set(misplaced.map(({ seq }) => seq)));
    const fault =
      walk.fault ??
      (walk.seq < row.throughSeq ? `entry ${walk.seq + 1} is missing` : null) ??
      (walk.seq > row.throughSeq ? `entry ${row.throughSeq + 1} was inserted` : null) ??
      (equalBytes(walk.hash, row.headHash) ? null : `the head is not the chain's`);
    const signed = fault === null ? signatureOf(suite, row, keys) : { ok: false, text: '' };
    return report(
      suite,
      row.source,
      row.epoch,
      walk,
      fault ?? (signed.ok ? null : signed.text),
      `${signed.text}${gaps.length > 0 ? `, ${gaps.length} named gaps` : ''}`,
    );
  });
  return orphan === undefined ? reports : [...reports, ofNoChain(orphan)];
}

function ofNoChain({ epochId, seq }: { epochId: number; seq: number }): ChainReport {
  const verdict = `entry ${seq} was inserted: it belongs to no chain`;
  return { source: '?', epoch: String(epochId), entries: 0, headHash: '', ok: false, verdict };
}

const gapName = (gap: { source: string; epoch: string; fromSeq: number; throughSeq: number }) =>
  `${gap.source} ${gap.epoch} ${gap.fromSeq} ${gap.throughSeq}`;

/** The gaps that the gateway's own log tells of: a row alone excuses nothing. */
function namedGaps(db: Database.Database, suite: Suite): ReadonlySet<string> {
  const rows = db
    .prepare("SELECT bytes FROM entry JOIN epoch ON epoch.id = epochId WHERE kind = 'log.gap' AND source LIKE '%/@%'")
    .all() as { bytes: Buffer }[];
  return new Set(
    rows.flatMap(({ bytes }) => {
      try {
        return [gapName(readBody(parseEntry(suite, bytes), 'log.gap'))];
      } catch {
        return []; // Altered: the walk of that chain says so.
      }
    }),
  );
}

function signatureOf(suite: Suite, row: StoreEpoch, keys: Keys): { ok: boolean; text: string } {
  if (row.throughSeq === 0) return { ok: true, text: 'empty' };
  if (row.keyId === null || row.signature === null || row.signedSeq !== row.throughSeq)
    return { ok: false, text: 'the head is not signed' };
  const publicKey = keys.get(row.keyId);
  // A terminal's key is in the registry, which forgets none; a gateway's own is not in its database.
  if (publicKey === undefined && parseTerminalSource(row.source) !== null)
    return { ok: false, text: `the head is signed by ${row.keyId}, which is not registered` };
  if (publicKey === undefined)
    return { ok: true, text: `signature not checked: key ${row.keyId} is not known here, give it with --public-key` };
  const message = headMessage(suite, { source: row.source, epoch: row.epoch, seq: row.throughSeq, hash: row.headHash });
  return signatureCheck(publicKey)(message, row.signature)
    ? { ok: true, text: `head signed by ${row.keyId}` }
    : { ok: false, text: `the signature of the head by ${row.keyId} is wrong` };
}

type Checkpoint = EntryBody<'checkpoint'>;
type Promised = Pick<AckMessage, 'storeId' | 'generation' | 'throughSeq' | 'headHash' | 'sig'>;
interface TerminalEpoch {
  id: number;
  epoch: string;
  pruned_seq: number;
  checkpoint: string | null;
  promise: string | null;
}

function verifyTerminal(db: Database.Database, options: VerifyOptions): ChainReport[] {
  const { suite } = options;
  const keys = keysOf(...options.publicKeys);
  const epochs = db.prepare('SELECT * FROM epoch ORDER BY id').all() as TerminalEpoch[];
  // Its key says where an entry stands, and so do its columns; of no chain is one that says two places, or none of ours.
  const stray = db
    .prepare(
      `SELECT epoch_id AS epochId, seq FROM entry
       WHERE place <> ((epoch_id << 32) | seq) OR epoch_id NOT IN (SELECT id FROM epoch) LIMIT 1`,
    )
    .get() as { epochId: number; seq: number } | undefined;
  const reports = epochs.map((row) => {
    const source = options.source ?? sourceOf(suite, db, row.id);
    const checkpoint = row.checkpoint === null ? null : (JSON.parse(row.checkpoint) as Checkpoint);
    const absences =
      checkpoint === null
        ? []
        : [{ fromSeq: 1, throughSeq: checkpoint.seq, hash: suite.base64urlDecode(checkpoint.hash) }];
    const rows = db
      .prepare(
        // In the order of their keys: sorting a long log by anything else would hold it all.
        'SELECT seq, bytes, hash FROM entry WHERE place BETWEEN (? << 32) AND ((? + 1) << 32) - 1 ORDER BY place',
      )
      .iterate(row.id, row.id) as IterableIterator<ChainRow>;
    const walk = walkChain(suite, { source, epoch: row.epoch }, rows, absences);
    const promise = row.promise === null ? null : (JSON.parse(row.promise) as Promised);
    const fault =
      walk.fault ??
      promiseFault(db, suite, source, row, promise, checkpoint, walk.seq, keys) ??
      checkpointFault(suite, source, row, checkpoint, keys);
    return report(
      suite,
      source,
      row.epoch,
      walk,
      fault,
      promise === null
        ? 'no acknowledgement to compare with'
        : `agrees with the acknowledgement of ${promise.throughSeq}`,
    );
  });
  return stray === undefined ? reports : [...reports, ofNoChain(stray)];
}

/** What was pruned is known by the signed head that stays; it is checked with the terminal's key, when that is given. */
function checkpointFault(
  suite: Suite,
  source: string,
  row: TerminalEpoch,
  checkpoint: Checkpoint | null,
  keys: Keys,
): string | null {
  if (checkpoint === null) return null;
  if (checkpoint.seq !== row.pruned_seq)
    return `pruned through ${row.pruned_seq}, but the checkpoint is of ${checkpoint.seq}`;
  const publicKey = keys.get(checkpoint.keyId);
  if (publicKey === undefined) return null;
  const message = headMessage(suite, {
    source,
    epoch: row.epoch,
    seq: checkpoint.seq,
    hash: suite.base64urlDecode(checkpoint.hash),
  });
  return signatureCheck(publicKey)(message, suite.base64urlDecode(checkpoint.sig))
    ? null
    : `the signature of the checkpoint at ${checkpoint.seq} is wrong`;
}

/** What the gateway acknowledged must still stand here as it was. */
function promiseFault(
  db: Database.Database,
  suite: Suite,
  source: string,
  row: TerminalEpoch,
  promise: Promised | null,
  checkpoint: Checkpoint | null,
  headSeq: number,
  keys: Keys,
): string | null {
  if (promise === null || promise.throughSeq < row.pruned_seq) return null;
  if (promise.throughSeq > headSeq) return `entry ${headSeq + 1} is missing: it was acknowledged`;
  const stored = db.prepare('SELECT hash FROM entry WHERE place = ((? << 32) | ?)').get(row.id, promise.throughSeq) as
    { hash: Buffer } | undefined;
  const held = stored === undefined ? checkpoint?.hash : suite.base64urlEncode(stored.hash);
  if (held !== promise.headHash) return `the chain at ${promise.throughSeq} is not the one that was acknowledged`;
  const message = ackMessage(suite, source, { epoch: row.epoch, ...promise });
  const signature = suite.base64urlDecode(promise.sig);
  const checked = [...keys]
    .filter(([keyId]) => keyId !== checkpoint?.keyId)
    .map(([, key]) => signatureCheck(key)(message, signature));
  return checked.length > 0 && !checked.includes(true) ? 'the signature of the acknowledgement is wrong' : null;
}

/** Who wrote the log, by the first entry that the epoch still has; one that was pruned away altogether, by another's. */
function sourceOf(suite: Suite, db: Database.Database, epochId: number): string {
  const first = db.prepare('SELECT bytes FROM entry ORDER BY place >= (? << 32) DESC, place LIMIT 1').get(epochId) as
    { bytes: Buffer } | undefined;
  if (first === undefined) return '?';
  try {
    return String((JSON.parse(suite.utf8Decode(first.bytes)) as { source?: unknown }).source);
  } catch {
    return '?';
  }
}

function report(
  suite: Suite,
  source: string,
  epoch: string,
  walk: { entries: number; hash: Uint8Array },
  fault: string | null,
  rests: string,
): ChainReport {
  return {
    source,
    epoch,
    entries: walk.entries,
    headHash: suite.base64urlEncode(walk.hash),
    ok: fault === null,
    verdict: fault ?? rests,
  };
}
