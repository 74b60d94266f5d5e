/** Walks one chain, entry by entry. It names the first entry that was altered, removed or inserted. */
import { equalBytes, genesisHash, nextHash, parseEntry, type Suite } from '../../protocol/index.js';

export interface ChainRow {
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** As stored. */
  readonly hash: Uint8Array;
  /** As stored beside it; a terminal's log stores none. */
  readonly kind?: string;
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
  /** Seqs of heads kept elsewhere that could not be compared: the entries there are rightly absent. */
  readonly unmet: readonly number[];
}

export interface ChainParts {
  readonly suite: Suite;
  readonly source: string;
  readonly epoch: string;
  readonly absences: readonly KnownAbsence[];
  /** Whether the entry of this seq names another place than its own, and was set aside for it when it came. */
  readonly isSetAside?: (seq: number) => boolean;
  /** What the chain must be at a seq, by somebody's word outside this database. */
  readonly kept?: ReadonlyMap<number, Uint8Array>;
}

export class ChainWalker {
  readonly #parts: ChainParts;
  /** How entries of this chain begin, as they are written. */
  readonly #beginning: Buffer;
  #hash: Uint8Array;
  #seq = 0;
  #entries = 0;
  #fault: string | null = null;
  readonly #met = new Set<number>();

  constructor(parts: ChainParts) {
    const { suite, source, epoch } = parts;
    this.#parts = parts;
    this.#hash = genesisHash(suite, source, epoch);
    this.#beginning = Buffer.from(`{"source":${JSON.stringify(source)},"epoch":${JSON.stringify(epoch)},"seq":`);
    this.#checkKept();
  }

  get fault(): string | null {
    return this.#fault;
  }

  /** The next entry, in the order of seqs. After the first fault the others are only counted. */
  push(row: ChainRow): void {
    this.#entries += 1;
    if (this.#fault === null) this.#fault = this.#step(row);
  }

  end(): ChainWalk {
    if (this.#fault === null) this.#passAbsence(Infinity);
    if (this.#fault === null) {
      for (const seq of this.#parts.kept?.keys() ?? [])
        if (seq > this.#seq) this.#fault ??= `entry ${this.#seq + 1} is missing: the head kept elsewhere is at ${seq}`;
    }
    const unmet = [...(this.#parts.kept?.keys() ?? [])].filter((seq) => seq < this.#seq && !this.#met.has(seq));
    return { entries: this.#entries, seq: this.#seq, hash: this.#hash, fault: this.#fault, unmet };
  }

  #step(row: ChainRow): string | null {
    const { suite } = this.#parts;
    if (row.seq !== this.#seq + 1) this.#passAbsence(row.seq);
    if (row.seq !== this.#seq + 1)
      return row.seq > this.#seq ? `entry ${this.#seq + 1} is missing` : `entry ${row.seq} was inserted`;
    const next = nextHash(suite, this.#hash, row.bytes);
    if (!equalBytes(next, row.hash)) return `entry ${row.seq} was altered`;
    const misplaced = this.#beginsAsWritten(row) ? null : this.#misplaced(row);
    if (misplaced !== null) return misplaced;
    this.#hash = next;
    this.#seq = row.seq;
    this.#checkKept();
    return this.#fault;
  }

  /** Entries are written by one function and begin alike: most need not be parsed to see that they stand in their place. */
  #beginsAsWritten({ seq, bytes, kind }: ChainRow): boolean {
    const from = this.#beginning.length;
    if (bytes.length <= from || this.#beginning.compare(bytes, 0, from) !== 0) return false;
    const rest = kind === undefined ? `${seq},"kind":"` : `${seq},"kind":"${kind}"`;
    for (let i = 0; i < rest.length; i += 1) if (bytes[from + i] !== rest.charCodeAt(i)) return false;
    return true;
  }

  #misplaced(row: ChainRow): string | null {
    const { suite, source, epoch, isSetAside } = this.#parts;
    let placed;
    try {
      placed = parseEntry(suite, row.bytes);
    } catch {
      return null; // Bytes that are no entry may be in a log, set aside.
    }
    const elsewhere = placed.source !== source || placed.epoch !== epoch || placed.seq !== row.seq;
    if (elsewhere && isSetAside?.(row.seq) !== true)
      return `entry ${row.seq} was inserted: it says that it is ${placed.source} ${placed.epoch} ${placed.seq}`;
    if (row.kind !== undefined && placed.kind !== row.kind)
      return `entry ${row.seq} was altered: it is listed as ${row.kind}, and says ${placed.kind}`;
    return null;
  }

  #passAbsence(nextSeq: number): void {
    const absence = this.#parts.absences.find((one) => one.fromSeq === this.#seq + 1);
    if (absence === undefined || nextSeq <= absence.throughSeq) return;
    this.#seq = absence.throughSeq;
    this.#hash = absence.hash;
    this.#checkKept();
  }

  #checkKept(): void {
    const kept = this.#parts.kept?.get(this.#seq);
    if (kept === undefined) return;
    this.#met.add(this.#seq);
    if (!equalBytes(kept, this.#hash))
      this.#fault ??= `the chain at ${this.#seq} is not the one of the head kept elsewhere`;
  }
}

/** @param rows in the order of their seqs. */
export function walkChain(parts: ChainParts, rows: Iterable<ChainRow>): ChainWalk {
  const walker = new ChainWalker(parts);
  for (const row of rows) walker.push(row);
  return walker.end();
}
