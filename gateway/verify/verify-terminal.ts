/** Verifies a terminal's log: its chains, its checkpoints, and what the gateway has acknowledged of it. */
import type Database from 'better-sqlite3';
import { ackMessage, equalBytes, parseEntry, readBody, type Suite } from '../../protocol/index.js';
import { isSigned, type Keys } from './signatures.js';
import { sourceOf, type Promised, type TerminalCheckpoint, type TerminalEpoch } from './terminal-rows.js';
import { walkChain, type ChainRow, type ChainWalk } from './verify-chain.js';
import type { ChainReport } from './verify-report.js';

export interface TerminalParts {
  readonly suite: Suite;
  /** Keys that the auditor brought along: the terminal's, the gateway's. */
  readonly keys: Keys;
  /** hall/terminal, when the log's first entry is not to be believed. */
  readonly source: string | undefined;
  /** Heads kept elsewhere, by source and epoch. */
  readonly kept: (source: string, epoch: string) => ReadonlyMap<number, Uint8Array>;
}

export interface TerminalFindings {
  readonly chains: readonly ChainReport[];
  readonly faults: readonly string[];
}

export function verifyTerminal(db: Database.Database, parts: TerminalParts): TerminalFindings {
  const epochs = db.prepare('SELECT * FROM epoch ORDER BY id').all() as TerminalEpoch[];
  const chains = epochs.map((row) => verifyEpoch(db, parts, row));
  // Its key says where an entry stands, and so do its columns; of no chain is one that says two places, or none of ours.
  const stray = db
    .prepare(
      `SELECT epoch_id AS epochId, seq FROM entry
       WHERE place <> ((epoch_id << 32) | seq) OR epoch_id NOT IN (SELECT id FROM epoch) LIMIT 1`,
    )
    .get() as { epochId: number; seq: number } | undefined;
  return {
    chains: stray === undefined ? chains : [...chains, ofNoChain(stray)],
    faults: [...epochFaults(db, epochs), ...ancestorFaults(db, parts.suite, epochs)],
  };
}

export function ofNoChain({ epochId, seq }: { epochId: number; seq: number }): ChainReport {
  const verdict = `entry ${seq} was inserted: it belongs to no chain`;
  return { source: '?', epoch: String(epochId), entries: 0, headSeq: 0, headHash: '', ok: false, verdict, unmet: [] };
}

function verifyEpoch(db: Database.Database, parts: TerminalParts, row: TerminalEpoch): ChainReport {
  const { suite, keys } = parts;
  const source = parts.source ?? sourceOf(suite, db, row.id);
  const checkpoint = jsonOf<TerminalCheckpoint>(row.checkpoint);
  const promise = jsonOf<Promised>(row.promise);
  if (checkpoint === undefined || promise === undefined)
    return chainReport(suite, source, row.epoch, EMPTY, 'the row of the epoch was altered: it cannot be read', '');
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
  const kept = parts.kept(source, row.epoch);
  const walk = walkChain({ suite, source, epoch: row.epoch, absences, kept }, rows);
  const fault =
    walk.fault ??
    promiseFault(db, suite, source, row, promise, checkpoint, walk.seq, keys) ??
    checkpointFault(suite, source, row, checkpoint, keys) ??
    (row.end_seq !== null && row.end_seq > walk.seq ? `entry ${walk.seq + 1} is missing: it was sent` : null);
  const rests =
    promise === null
      ? 'no acknowledgement to compare with'
      : `agrees with the acknowledgement of ${promise.throughSeq}`;
  return chainReport(suite, source, row.epoch, walk, fault, rests);
}

const EMPTY = { entries: 0, seq: 0, hash: new Uint8Array(), unmet: [] };

/** `undefined` where the text is no JSON. */
function jsonOf<T>(text: string | null): T | null | undefined {
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** What was pruned is known by the signed head that stays; it is checked with the terminal's key, when that is given. */
function checkpointFault(
  suite: Suite,
  source: string,
  row: TerminalEpoch,
  checkpoint: TerminalCheckpoint | null,
  keys: Keys,
): string | null {
  if (checkpoint === null) return row.pruned_seq > 0 ? `pruned through ${row.pruned_seq}, without a checkpoint` : null;
  if (checkpoint.seq !== row.pruned_seq)
    return `pruned through ${row.pruned_seq}, but the checkpoint is of ${checkpoint.seq}`;
  const check = keys.get(checkpoint.keyId);
  if (check === undefined) return null;
  const head = { source, epoch: row.epoch, seq: checkpoint.seq, hash: suite.base64urlDecode(checkpoint.hash) };
  return isSigned(suite, head, check, suite.base64urlDecode(checkpoint.sig))
    ? null
    : `the signature of the checkpoint at ${checkpoint.seq} is wrong`;
}

/** What the gateway acknowledged must still stand here as it was, and nothing else counts as acknowledged. */
function promiseFault(
  db: Database.Database,
  suite: Suite,
  source: string,
  row: TerminalEpoch,
  promise: Promised | null,
  checkpoint: TerminalCheckpoint | null,
  headSeq: number,
  keys: Keys,
): string | null {
  const promisedSeq = promise?.throughSeq ?? 0;
  if (row.acked_seq > promisedSeq)
    return `counts as acknowledged through ${row.acked_seq}, but the acknowledgement is of ${promisedSeq}`;
  if (promise === null || promise.throughSeq < row.pruned_seq) return null;
  if (promise.throughSeq > headSeq) return `entry ${headSeq + 1} is missing: it was acknowledged`;
  const stored = db.prepare('SELECT hash FROM entry WHERE place = ((? << 32) | ?)').get(row.id, promise.throughSeq) as
    { hash: Buffer } | undefined;
  const held = stored === undefined ? checkpoint?.hash : suite.base64urlEncode(stored.hash);
  if (promise.throughSeq > 0 && held !== promise.headHash)
    return `the chain at ${promise.throughSeq} is not the one that was acknowledged`;
  const message = ackMessage(suite, source, { epoch: row.epoch, ...promise });
  const signature = suite.base64urlDecode(promise.sig);
  const checked = [...keys]
    .filter(([keyId]) => keyId !== checkpoint?.keyId)
    .map(([, check]) => check(message, signature));
  return checked.length > 0 && !checked.includes(true) ? 'the signature of the acknowledgement is wrong' : null;
}

/** Epochs are numbered without a gap, and exactly the last one is written to. */
function epochFaults(db: Database.Database, epochs: readonly TerminalEpoch[]): string[] {
  const given = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'epoch'").pluck().get() as number | undefined;
  const ids = new Set(epochs.map(({ id }) => id));
  const faults: string[] = [];
  for (let id = 1; id <= (given ?? 0); id += 1) if (!ids.has(id)) faults.push(`epoch number ${id} is missing, whole`);
  const live = epochs.filter(({ end_seq: end }) => end === null);
  if (live.length !== 1 || live[0] !== epochs.at(-1))
    faults.push(`${live.length} epochs are open to be written to; it is the last one, and no other`);
  return faults;
}

/** An epoch begins by naming the one that it goes on from, and its chain there. */
function ancestorFaults(db: Database.Database, suite: Suite, epochs: readonly TerminalEpoch[]): string[] {
  const first = db.prepare('SELECT bytes FROM entry WHERE place = ((? << 32) | 1)');
  const at = db.prepare('SELECT hash FROM entry WHERE place = ((? << 32) | ?)');
  return epochs.slice(1).flatMap((row, index) => {
    const before = epochs[index];
    const stored = first.get(row.id) as { bytes: Buffer } | undefined;
    if (stored === undefined || before === undefined) return [];
    let ancestor;
    try {
      ancestor = readBody(parseEntry(suite, stored.bytes), 'epoch').ancestor;
    } catch {
      return []; // Altered: the walk of that chain says so.
    }
    if (ancestor === null) return [];
    if (ancestor.epoch !== before.epoch)
      return [`epoch ${row.epoch} goes on from epoch ${ancestor.epoch}, which is not the one before it here`];
    const held = at.get(before.id, ancestor.seq) as { hash: Buffer } | undefined;
    return held === undefined || equalBytes(held.hash, suite.base64urlDecode(ancestor.hash))
      ? []
      : [`epoch ${row.epoch} goes on from another chain than epoch ${before.epoch} is at ${ancestor.seq}`];
  });
}

export function chainReport(
  suite: Suite,
  source: string,
  epoch: string,
  walk: Omit<ChainWalk, 'fault'>,
  fault: string | null,
  rests: string,
): ChainReport {
  return {
    source,
    epoch,
    entries: walk.entries,
    headSeq: walk.seq,
    headHash: suite.base64urlEncode(walk.hash),
    ok: fault === null,
    verdict: fault ?? rests,
    unmet: walk.unmet,
  };
}
