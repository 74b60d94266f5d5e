/** Walks one chain. Pure: rows in, verdict out. It names the first entry that was altered, removed or inserted. */
import { equalBytes, genesisHash, nextHash, parseEntry, type Suite } from '../../protocol/index.js';

export interface ChainRow {
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** As stored. */
  readonly hash: Uint8Array;
}

/** Entries that are rightly absent, and the chain after them. */
export interface KnownAbsence {
  readonly fromSeq: number;
  readonly throughSeq: number;
  readonly hash: Uint8Array;
}

export interface ChainWalk {
  readonly entries: number;
  readonly seq: number;
  readonly hash: Uint8Array;
  /** `null` when the chain holds. */
  readonly fault: string | null;
}

/** @param setAside seqs of entries that name another place than their own, and were set aside for it when they came. */
export function walkChain(
  suite: Suite,
  chain: { readonly source: string; readonly epoch: string },
  rows: Iterable<ChainRow>,
  absences: readonly KnownAbsence[],
  setAside: ReadonlySet<number> = new Set(),
): ChainWalk {
  let hash = genesisHash(suite, chain.source, chain.epoch);
  let seq = 0;
  let entries = 0;
  const fault = (text: string): ChainWalk => ({ entries, seq, hash, fault: text });
  const passAbsence = (nextSeq: number) => {
    const absence = absences.find((one) => one.fromSeq === seq + 1);
    if (absence === undefined || nextSeq <= absence.throughSeq) return;
    seq = absence.throughSeq;
    hash = absence.hash;
  };
  for (const row of rows) {
    passAbsence(row.seq);
    if (row.seq !== seq + 1)
      return fault(row.seq > seq ? `entry ${seq + 1} is missing` : `entry ${row.seq} was inserted`);
    const placed = placeOf(suite, row.bytes);
    const next = nextHash(suite, hash, row.bytes);
    if (!equalBytes(next, row.hash)) return fault(`entry ${row.seq} was altered`);
    if (
      placed !== null &&
      !setAside.has(row.seq) &&
      (placed.source !== chain.source || placed.epoch !== chain.epoch || placed.seq !== row.seq)
    ) {
      return fault(`entry ${row.seq} was inserted: it says that it is ${placed.source} ${placed.epoch} ${placed.seq}`);
    }
    hash = next;
    seq = row.seq;
    entries += 1;
  }
  passAbsence(Infinity);
  return { entries, seq, hash, fault: null };
}

/** Where an entry says that it stands; `null` for bytes that are no entry (they may be in a log, set aside). */
function placeOf(suite: Suite, bytes: Uint8Array): { source: string; epoch: string; seq: number } | null {
  try {
    return parseEntry(suite, bytes);
  } catch {
    return null;
  }
}
