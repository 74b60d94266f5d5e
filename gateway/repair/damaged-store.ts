/** What a damaged hall database still says: its chains, judged, and everything that belongs to none. */
import type Database from 'better-sqlite3';
import {
  genesisHash,
  headMessage,
  parseEntry,
  parseTerminalSource,
  type Suite,
  type VerifySignature,
} from '../../protocol/index.js';
import { keyIdOf, signatureCheck } from '../../protocol/runtime/node-suite.js';
import { ChainProof, type ChainVerdict, type ProofAbsence } from './chain-proof.js';
import { readableRows, type ReadableRow, type Reading } from './damaged-rows.js';

export interface DamagedEntry extends ReadableRow {
  readonly epochId: number;
  readonly seq: number;
  readonly kind: string;
  readonly bytes: Buffer;
  readonly hash: Buffer;
  readonly receivedAt: number;
}

export interface DamagedEpoch extends ReadableRow {
  readonly id: number;
  readonly source: string;
  readonly epoch: string;
  readonly throughSeq: number;
  readonly headHash: Buffer;
  readonly signedSeq: number | null;
  readonly keyId: string | null;
  readonly signature: Buffer | null;
  readonly stopped: string | null;
  readonly openedAt: number;
}

export interface DamagedGap extends ReadableRow, ProofAbsence {
  readonly epochId: number;
  readonly at: number;
}

export interface DamagedCheckpoint extends ReadableRow {
  readonly epochId: number;
  readonly throughSeq: number;
  readonly hash: Buffer;
  readonly keyId: string;
  readonly signature: Buffer;
  readonly at: number;
}

/** A chain of the damaged database, and what can be carried over of it. */
export interface JudgedChain {
  /** Its number in the damaged database. */
  readonly id: number;
  readonly source: string;
  readonly epoch: string;
  readonly isOwn: boolean;
  /** Its row; `null` where that cannot be read. */
  readonly row: DamagedEpoch | null;
  readonly gaps: readonly DamagedGap[];
  readonly checkpoint: DamagedCheckpoint | null;
  readonly verdict: ChainVerdict;
}

export interface JudgeParts {
  readonly suite: Suite;
  readonly ownKey: { readonly keyId: string; readonly check: VerifySignature };
}

interface Open {
  readonly id: number;
  readonly source: string;
  readonly epoch: string;
  readonly row: DamagedEpoch | null;
  readonly gaps: readonly DamagedGap[];
  readonly checkpoint: DamagedCheckpoint | null;
  readonly proof: ChainProof;
}

/** Entries that have the shape of one, in the order of their arrival. */
export function* damagedEntries(db: Database.Database, reading?: Reading): Generator<DamagedEntry> {
  for (const row of readableRows<DamagedEntry>(db, 'entry', reading)) {
    const whole =
      Number.isInteger(row.epochId) &&
      Number.isInteger(row.seq) &&
      typeof row.kind === 'string' &&
      Buffer.isBuffer(row.bytes) &&
      Buffer.isBuffer(row.hash) &&
      Number.isInteger(row.receivedAt);
    if (whole) yield row;
  }
}

/** Walks all chains once. @param reading is told how much could not be read. */
export function judgeChains(db: Database.Database, parts: JudgeParts, reading: Reading): JudgedChain[] {
  const epochs = [...readableRows<DamagedEpoch>(db, 'epoch', reading)].filter(isEpoch);
  const gaps = [...readableRows<DamagedGap>(db, 'gap', reading)].filter(({ hash }) => Buffer.isBuffer(hash));
  const checkpoints = [...readableRows<DamagedCheckpoint>(db, 'checkpoint', reading)].filter((row) =>
    Buffer.isBuffer(row.hash),
  );
  const keys = registeredKeys(db, parts);
  const open = new Map<number, Open | null>();
  const openChain = (id: number, source: string, epoch: string, row: DamagedEpoch | null): Open => {
    const checkpoint = checkpoints.find(({ epochId }) => epochId === id) ?? null;
    const ofChain = gaps.filter(({ epochId }) => epochId === id);
    return {
      id,
      source,
      epoch,
      row,
      gaps: ofChain,
      checkpoint,
      proof: newProof(parts.suite, { source, epoch, row, gaps: ofChain, checkpoint }, keys),
    };
  };
  for (const row of epochs) open.set(row.id, openChain(row.id, row.source, row.epoch, row));
  for (const entry of damagedEntries(db, reading)) {
    let chain = open.get(entry.epochId);
    if (chain === undefined) {
      // The row of its chain cannot be read: the entries themselves say which one it is.
      const named = nameOf(parts.suite, entry);
      chain = named === null ? null : openChain(entry.epochId, named.source, named.epoch, null);
      open.set(entry.epochId, chain);
    }
    chain?.proof.push(entry);
  }
  return [...open.values()]
    .filter((chain) => chain !== null)
    .sort((a, b) => a.id - b.id)
    .map(({ proof, ...chain }) => ({
      ...chain,
      isOwn: parseTerminalSource(chain.source) === null,
      verdict: proof.end(),
    }));
}

function isEpoch(row: DamagedEpoch): boolean {
  return typeof row.source === 'string' && typeof row.epoch === 'string' && Buffer.isBuffer(row.headHash);
}

function newProof(
  suite: Suite,
  chain: Pick<Open, 'source' | 'epoch' | 'row' | 'gaps' | 'checkpoint'>,
  keys: ReadonlyMap<string, VerifySignature>,
): ChainProof {
  const { source, epoch, row, gaps, checkpoint } = chain;
  const check = row?.keyId == null ? undefined : keys.get(row.keyId);
  const signature = row?.signature ?? null;
  return new ChainProof({
    suite,
    start: { seq: 0, hash: genesisHash(suite, source, epoch) },
    absences: [
      ...(checkpoint === null ? [] : [{ fromSeq: 1, throughSeq: checkpoint.throughSeq, hash: checkpoint.hash }]),
      ...gaps,
    ],
    head: row === null || row.throughSeq === 0 ? null : { seq: row.signedSeq ?? row.throughSeq, hash: row.headHash },
    isSigned:
      check === undefined || signature === null
        ? undefined
        : ({ seq, hash }) => check(headMessage(suite, { source, epoch, seq, hash }), signature),
  });
}

function registeredKeys(db: Database.Database, { ownKey }: JudgeParts): ReadonlyMap<string, VerifySignature> {
  const keys = new Map<string, VerifySignature>([[ownKey.keyId, ownKey.check]]);
  for (const { publicKey } of readableRows<ReadableRow & { publicKey: string }>(db, 'terminalKey')) {
    try {
      keys.set(keyIdOf(publicKey), signatureCheck(publicKey));
    } catch {
      continue; // A damaged key is no key.
    }
  }
  return keys;
}

function nameOf(suite: Suite, { bytes }: DamagedEntry): { source: string; epoch: string } | null {
  try {
    return parseEntry(suite, bytes);
  } catch {
    return null;
  }
}
