/**
 * Heads of chains on their way out of the database and back: a report names the heads that it rests on, and whoever
 * keeps them can later see that the database still holds those very chains, whoever wrote to it meanwhile.
 */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { digestSchema, PjqError, randomIdSchema, seqSchema, sourceSchema, type Suite } from '../../protocol/index.js';
import { columnsOf, readEvidence } from './open-evidence.js';
import { sourceOf } from './terminal-rows.js';
import type { NamedHead } from './verify-report.js';

/** A head with the signature under which the database has it. A terminal's log holds none but of what was pruned. */
export interface SignedHead extends NamedHead {
  readonly keyId: string | null;
  /** base64url. */
  readonly signature: string | null;
}

const headSchema = z.object({ source: sourceSchema, epoch: randomIdSchema, seq: seqSchema, hash: digestSchema });

/** `SOURCE:EPOCH:SEQ:HASH`; what follows after a space (key and signature) is for others. */
export function headText({ source, epoch, seq, hash }: NamedHead): string {
  return `${source}:${epoch}:${seq}:${hash}`;
}

/** @throws PjqError `request-malformed`. */
export function parseHead(text: string): NamedHead {
  const [source, epoch, seq, hash, ...more] = (text.trim().split(/\s/)[0] ?? '').split(':');
  const parsed = headSchema.safeParse({ source, epoch, seq: Number(seq), hash });
  if (!parsed.success || more.length > 0)
    throw new PjqError('request-malformed', `A head is written SOURCE:EPOCH:SEQ:HASH (got ${text}).`);
  return parsed.data;
}

/**
 * Heads as `pjq heads` prints them, one a line; empty lines and those that begin with # are passed over.
 * @throws PjqError `request-malformed`.
 */
export function readHeadsFile(file: string): NamedHead[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PjqError('request-malformed', `The heads cannot be read: ${(cause as Error).message}`, { cause });
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map(parseHead);
}

/**
 * The heads of all chains of a database, as it says; `verifyFile` proves them. Chains without entries have none.
 * @throws PjqError as `readEvidence`.
 */
export function headsOf(file: string, suite: Suite): SignedHead[] {
  return readEvidence(file, (db) => {
    const columns = columnsOf(db, 'entry');
    if (columns.has('epochId')) return storeHeads(db, suite);
    if (columns.has('epoch_id')) return terminalHeads(db, suite);
    throw new PjqError('request-malformed', `${file} is neither a terminal's log nor a gateway's database.`);
  });
}

function storeHeads(db: Database.Database, suite: Suite): SignedHead[] {
  const rows = db
    .prepare(
      'SELECT source, epoch, throughSeq, headHash, signedSeq, keyId, signature FROM epoch WHERE throughSeq > 0 ORDER BY id',
    )
    .all() as {
    source: string;
    epoch: string;
    throughSeq: number;
    headHash: Buffer;
    signedSeq: number | null;
    keyId: string | null;
    signature: Buffer | null;
  }[];
  return rows.map(({ source, epoch, throughSeq, headHash, signedSeq, keyId, signature }) => {
    const signed = signedSeq === throughSeq && keyId !== null && signature !== null;
    return {
      source,
      epoch,
      seq: throughSeq,
      hash: suite.base64urlEncode(headHash),
      keyId: signed ? keyId : null,
      signature: signed ? suite.base64urlEncode(signature) : null,
    };
  });
}

function terminalHeads(db: Database.Database, suite: Suite): SignedHead[] {
  const epochs = db.prepare('SELECT id, epoch, checkpoint FROM epoch ORDER BY id').all() as {
    id: number;
    epoch: string;
    checkpoint: string | null;
  }[];
  const last = db.prepare(
    'SELECT seq, hash FROM entry WHERE place BETWEEN (? << 32) AND ((? + 1) << 32) - 1 ORDER BY place DESC LIMIT 1',
  );
  return epochs.flatMap<SignedHead>(({ id, epoch, checkpoint }) => {
    const source = sourceOf(suite, db, id);
    const row = last.get(id, id) as { seq: number; hash: Buffer } | undefined;
    if (row !== undefined)
      return [{ source, epoch, seq: row.seq, hash: suite.base64urlEncode(row.hash), keyId: null, signature: null }];
    if (checkpoint === null) return [];
    const { seq, hash, keyId, sig } = JSON.parse(checkpoint) as {
      seq: number;
      hash: string;
      keyId: string;
      sig: string;
    };
    return [{ source, epoch, seq, hash, keyId, signature: sig }];
  });
}
