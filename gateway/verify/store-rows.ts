/** Rows of a gateway's database, as its proof reads them. */
import type Database from 'better-sqlite3';

export interface StoreEpoch {
  readonly id: number;
  readonly source: string;
  readonly epoch: string;
  readonly throughSeq: number;
  readonly headHash: Buffer;
  readonly signedSeq: number | null;
  readonly keyId: string | null;
  readonly signature: Buffer | null;
  readonly stopped: string | null;
}

export interface GapRow {
  readonly epochId: number;
  readonly fromSeq: number;
  readonly throughSeq: number;
  readonly hash: Buffer;
}

/** Through where entries were let go, signed by the gateway. */
export interface CheckpointRow {
  readonly epochId: number;
  readonly throughSeq: number;
  readonly hash: Buffer;
  readonly keyId: string;
  readonly signature: Buffer;
}

export interface EntryRow {
  readonly id: number;
  readonly epochId: number;
  readonly seq: number;
  readonly kind: string;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

type EntryTuple = [id: number, epochId: number, seq: number, kind: string, bytes: Buffer, hash: Buffer];

/** Read so many at a time: half a megabyte at the most usual size. */
const CHUNK = 1_000;

/** All entries in the order of their arrival. */
export function* entriesOf(db: Database.Database): Generator<EntryRow> {
  const next = db
    .prepare(`SELECT id, epochId, seq, kind, bytes, hash FROM entry WHERE id > ? ORDER BY id LIMIT ${CHUNK}`)
    .raw();
  let last = -Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows = next.all(last) as EntryTuple[];
    for (const [id, epochId, seq, kind, bytes, hash] of rows) yield { id, epochId, seq, kind, bytes, hash };
    const end = rows.at(-1);
    if (end === undefined || rows.length < CHUNK) return;
    last = end[0];
  }
}

/** How many rows a table with growing numbers has given a number to, ever. */
export function givenNumbers(db: Database.Database, table: string): number {
  return (db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(table) as number | undefined) ?? 0;
}
