/** Rows of a gateway's database, as its proof reads them. */
import type Database from 'better-sqlite3';
import { rising } from './rising.js';

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

/** Read so many at a time: half a megabyte at the most usual size. */
const CHUNK = 1_000;
const HASH_BYTES = 32;

type EntryTuple = [id: number, epochId: number, seq: number, kind: string, bytes: Buffer, hash: Buffer];
type PackedChunk = [bytes: Buffer | null, rows: string];
type PackedRow = [id: number, epochId: number, seq: number, kind: string, length: number];

/** All entries in the order of their arrival. */
export function* entriesOf(db: Database.Database): Generator<EntryRow> {
  const chunk = `SELECT id, epochId, seq, kind, bytes, hash FROM entry WHERE id > ? ORDER BY id LIMIT ${CHUNK}`;
  const packed = db
    .prepare(
      `SELECT CAST(group_concat(hash || bytes, '') AS BLOB),
              json_group_array(json_array(id, epochId, seq, kind, length(bytes)))
       FROM (${chunk})`,
    )
    .raw();
  const plain = db.prepare(chunk).raw();
  let last = -Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows =
      unpacked(() => packed.get(last) as PackedChunk, last) ??
      rising(plain.all(last) as EntryTuple[], ([id]) => id, last).map(([id, epochId, seq, kind, bytes, hash]) => ({
        id,
        epochId,
        seq,
        kind,
        bytes,
        hash,
      }));
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < CHUNK) return;
    last = end.id;
  }
}

/**
 * A thousand rows as two values: a buffer of its own for each column of each row costs more than all the hashing.
 * @returns `null` where the rows are not what this gateway writes, and have to be read one by one.
 */
function unpacked(read: () => PackedChunk, after: number): EntryRow[] | null {
  let chunk;
  try {
    chunk = read();
  } catch {
    return null; // Whatever it is, the reading one by one meets it as well.
  }
  const [bytes, packed] = chunk;
  if (bytes === null) return null;
  const rows: EntryRow[] = [];
  let at = 0;
  let last = after;
  for (const [id, epochId, seq, kind, length] of JSON.parse(packed) as PackedRow[]) {
    const end = at + HASH_BYTES + length;
    if (!(id > last && end > at && end <= bytes.length)) return null;
    rows.push({
      id,
      epochId,
      seq,
      kind,
      hash: bytes.subarray(at, at + HASH_BYTES),
      bytes: bytes.subarray(at + HASH_BYTES, end),
    });
    at = end;
    last = id;
  }
  return at === bytes.length ? rows : null;
}

/** How many rows a table with growing numbers has given a number to, ever. */
export function givenNumbers(db: Database.Database, table: string): number {
  return (db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(table) as number | undefined) ?? 0;
}
