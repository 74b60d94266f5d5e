/**
 * Reads logs from their files as an auditor does who trusts none of the programs: SQLite, SHA-256 and the written
 * description of the chain (docs/decisions/0002), and nothing of the programs' own code.
 */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';

/** One entry as its stored bytes have it. */
export interface ReadEntry {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One chain of one source, as far as a file has it. */
export interface ReadChain {
  readonly source: string;
  readonly epoch: string;
  readonly entries: readonly ReadEntry[];
  /** Places that are missing before an entry that stands, first and last. */
  readonly missing: readonly (readonly [number, number])[];
  /** The first entry that does not follow from the one before it, and why; `null` where all do. */
  readonly broken: string | null;
  /** The gateway takes nothing more of this chain: another entry claimed a place of it. */
  readonly stopped: boolean;
  /** Entries up to here were let go after they were acknowledged. */
  readonly prunedSeq: number;
}

interface Row {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

/** The chains in a terminal's log, in the order in which they were opened. */
export function readTerminalLog(file: string, source: string): readonly ReadChain[] {
  return reading(file, (db) => {
    const epochs = db.prepare('SELECT id, epoch, pruned_seq AS prunedSeq, checkpoint FROM epoch ORDER BY id').all() as {
      id: number;
      epoch: string;
      prunedSeq: number;
      checkpoint: string | null;
    }[];
    return epochs.map(({ id, epoch, prunedSeq, checkpoint }) => {
      const rows = db
        .prepare(
          'SELECT seq, CAST(bytes AS BLOB) AS bytes, CAST(hash AS BLOB) AS hash FROM entry WHERE epoch_id = ? ORDER BY seq',
        )
        .all(id) as readonly Row[];
      const start = checkpoint === null ? null : (JSON.parse(checkpoint) as { hash: string }).hash;
      return walk({ source, epoch, rows, prunedSeq, stopped: false }, start === null ? null : fromText(start));
    });
  });
}

/** The chains in a gateway's database: every terminal's and its own. */
export function readGatewayLog(file: string): readonly ReadChain[] {
  return reading(file, (db) => {
    const has = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").pluck();
    const checkpoints = has.get('checkpoint') === 1;
    const epochs = db.prepare('SELECT id, source, epoch, stopped FROM epoch ORDER BY id').all() as {
      id: number;
      source: string;
      epoch: string;
      stopped: string | null;
    }[];
    return epochs.map(({ id, source, epoch, stopped }) => {
      const rows = db
        .prepare(
          'SELECT seq, CAST(bytes AS BLOB) AS bytes, CAST(hash AS BLOB) AS hash FROM entry WHERE epochId = ? ORDER BY seq',
        )
        .all(id) as readonly Row[];
      const pruned = checkpoints
        ? (db.prepare('SELECT throughSeq, hash FROM checkpoint WHERE epochId = ?').get(id) as
            { throughSeq: number; hash: Buffer } | undefined)
        : undefined;
      const facts = { source, epoch, rows, prunedSeq: pruned?.throughSeq ?? 0, stopped: stopped !== null };
      return walk(facts, pruned?.hash ?? null);
    });
  });
}

/** A rating as the centre holds it. */
export interface HeldRating {
  readonly serviceId: string;
  readonly level: number;
}

/** Every rating that the centre took, also when it took one twice. */
export function readCentre(file: string): readonly HeldRating[] {
  return reading(file, (db) => {
    const rows = db.prepare('SELECT content FROM ledger ORDER BY position').all() as { content: string }[];
    return rows.map(({ content }) => {
      const { serviceId, satisfaction } = JSON.parse(content) as { serviceId: string; satisfaction: number };
      return { serviceId, level: satisfaction };
    });
  });
}

/** What the gateway has set aside, or could not deliver: said by itself. */
export function readSetAside(file: string): readonly string[] {
  return reading(file, (db) => {
    const quarantined = db
      .prepare(
        `SELECT source, seq, code FROM quarantine JOIN entry ON entry.id = entryId JOIN epoch ON epoch.id = epochId
         WHERE resolvedAt IS NULL ORDER BY quarantine.id`,
      )
      .all() as { source: string; seq: number; code: string }[];
    const undelivered = db
      .prepare("SELECT ratingId, state, lastCode FROM forward WHERE state NOT IN ('waiting', 'delivered')")
      .all() as { ratingId: string; state: string; lastCode: string | null }[];
    return [
      ...quarantined.map(({ source, seq, code }) => `${source} ${seq} set aside: ${code}`),
      ...undelivered.map(({ ratingId, state, lastCode }) => `rating ${ratingId} ${state}: ${lastCode ?? '?'}`),
    ];
  });
}

function reading<T>(file: string, read: (db: Database.Database) => T): T {
  const db = new Database(file, { fileMustExist: true });
  try {
    db.pragma('query_only = ON');
    return read(db);
  } finally {
    db.close();
  }
}

interface ChainFacts {
  readonly source: string;
  readonly epoch: string;
  readonly rows: readonly Row[];
  readonly prunedSeq: number;
  readonly stopped: boolean;
}

/** @param start the chain at `prunedSeq`; `null` where nothing was let go. */
function walk({ source, epoch, rows, prunedSeq, stopped }: ChainFacts, start: Buffer | null): ReadChain {
  const missing: [number, number][] = [];
  const entries: ReadEntry[] = [];
  let broken: string | null = null;
  let seq = start === null ? 0 : prunedSeq;
  let hash = start ?? sha256(Buffer.from(`pjq/log/v1\n${source}\n${epoch}`));
  for (const row of rows) {
    const follows = row.seq === seq + 1;
    if (!follows) missing.push([seq + 1, row.seq - 1]);
    // Behind a hole nothing tells the chain but the entry's own hash.
    if (follows && !sha256(hash, row.bytes).equals(row.hash)) broken ??= `entry ${row.seq} does not follow`;
    const read = readEntry(row);
    if (read === null) broken ??= `entry ${row.seq} cannot be read`;
    else if (read.place !== `${source} ${epoch} ${row.seq}`) broken ??= `entry ${row.seq} says ${read.place}`;
    if (read !== null) entries.push(read.entry);
    hash = row.hash;
    seq = row.seq;
  }
  return { source, epoch, entries, missing, broken, stopped, prunedSeq };
}

function readEntry(row: Row): { entry: ReadEntry; place: string } | null {
  try {
    const said = JSON.parse(row.bytes.toString('utf8')) as {
      source: string;
      epoch: string;
      seq: number;
      kind: string;
      body: Record<string, unknown>;
    };
    const entry = { seq: row.seq, bytes: row.bytes, kind: said.kind, body: said.body };
    return { entry, place: `${said.source} ${said.epoch} ${said.seq}` };
  } catch {
    return null;
  }
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function fromText(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}
