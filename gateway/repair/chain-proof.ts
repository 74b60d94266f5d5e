/**
 * How far a damaged chain can be proven: from its beginning up to the damage by its hashes; and behind the damage from
 * its signed head backwards, since that signature stands for all that leads to it. Pure: rows in, in the order of
 * their seqs, verdict out.
 */
import { equalBytes, nextHash, type Suite } from '../../protocol/index.js';

export interface ProofRow {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

export interface ProofHead {
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** Entries that were never here, or were let go, and the chain after them. */
export interface ProofAbsence {
  readonly fromSeq: number;
  readonly throughSeq: number;
  readonly hash: Uint8Array;
}

/** Entries behind the damage: from `fromSeq`, after a chain of `prevHash`, to the signed head. */
export interface ProvenRun {
  readonly fromSeq: number;
  readonly prevHash: Uint8Array;
  readonly head: ProofHead;
}

export interface ChainProofParts {
  readonly suite: Suite;
  /** Where the chain begins: its genesis. */
  readonly start: ProofHead;
  readonly absences: readonly ProofAbsence[];
  /** The head that the database names; `null` where that cannot be read. */
  readonly head: ProofHead | null;
  /** Whether a head is the signed one; `undefined` where nobody can tell (the key is not known). */
  readonly isSigned: ((head: ProofHead) => boolean) | undefined;
}

export interface ChainVerdict {
  /** The chain holds through here. */
  readonly through: ProofHead;
  /** `through` is the head that is signed. */
  readonly whole: boolean;
  /** Entries behind the damage that are proven. */
  readonly run: ProvenRun | null;
  /** The signed head where not all that leads to it is here; `null` where no signature stands for one. */
  readonly signedHead: ProofHead | null;
  /** Entries that were there and are not proven. */
  readonly dropped: number;
  /** The signature of the head contradicts the chain: nothing of it is proven. */
  readonly contradicted: boolean;
}

interface Run {
  readonly fromSeq: number;
  readonly prevHash: Uint8Array;
  head: ProofHead;
}

export class ChainProof {
  readonly #parts: ChainProofParts;
  #through: ProofHead;
  /** Chain at the head's place, once the prefix has come there. */
  #atHead: Uint8Array | null = null;
  /** A row whose stored hash is not its own: the next one tells whether only that hash was damaged. */
  #doubted: { readonly row: ProofRow; readonly hash: Uint8Array } | null = null;
  #broken = false;
  #before: ProofRow | null = null;
  #run: Run | null = null;
  #rows = 0;

  constructor(parts: ChainProofParts) {
    this.#parts = parts;
    this.#through = parts.start;
    this.#see();
  }

  push(row: ProofRow): void {
    this.#rows += 1;
    if (!this.#broken && this.#goesOn(row)) return;
    this.#broken = true;
    this.#follow(row);
  }

  end(): ChainVerdict {
    const { head, isSigned, absences } = this.#parts;
    if (this.#doubted !== null && head !== null && equalBytes(this.#doubted.hash, head.hash))
      this.#accept(this.#doubted);
    if (!this.#broken) this.#pass(Infinity, absences);
    const [through, run] = [this.#through, this.#provenRun()];
    const atHead = head === null || this.#atHead === null ? null : { seq: head.seq, hash: this.#atHead };
    const signed = this.#signedOf(atHead === null ? [through] : [atHead, through]);
    if (signed !== null) {
      const dropped = this.#rows - (signed.seq - this.#absent(signed.seq));
      return { through: signed, whole: true, run: null, signedHead: signed, dropped, contradicted: false };
    }
    if (atHead !== null && isSigned !== undefined)
      return {
        through: this.#parts.start,
        whole: false,
        run: null,
        signedHead: null,
        dropped: this.#rows,
        contradicted: true,
      };
    const proven = through.seq - this.#absent(through.seq) + (run === null ? 0 : run.head.seq - run.fromSeq + 1);
    const signedHead = head !== null && isSigned?.(head) === true ? head : null;
    return { through, whole: false, run, signedHead, dropped: this.#rows - proven, contradicted: false };
  }

  /** The first of these heads for which the signature stands; where nobody knows the key, the one that the database names. */
  #signedOf(heads: readonly ProofHead[]): ProofHead | null {
    const { head, isSigned } = this.#parts;
    if (head === null) return null;
    const stands = isSigned ?? ((one: ProofHead) => one.seq === head.seq && equalBytes(one.hash, head.hash));
    return heads.find((one) => one.seq > 0 && stands(one)) ?? null;
  }

  /** How many of the entries through `seq` are rightly absent. */
  #absent(seq: number): number {
    return this.#parts.absences
      .filter(({ throughSeq }) => throughSeq <= seq)
      .reduce((sum, { fromSeq, throughSeq }) => sum + throughSeq - fromSeq + 1, 0);
  }

  /** Whether the row goes on from what is proven. */
  #goesOn(row: ProofRow): boolean {
    const { suite, absences } = this.#parts;
    if (this.#doubted !== null) {
      const hash = nextHash(suite, this.#doubted.hash, row.bytes);
      if (row.seq !== this.#doubted.row.seq + 1 || !equalBytes(hash, row.hash)) return false;
      this.#accept(this.#doubted);
    } else if (row.seq !== this.#through.seq + 1) this.#pass(row.seq, absences);
    if (row.seq !== this.#through.seq + 1) return false;
    const hash = nextHash(suite, this.#through.hash, row.bytes);
    if (equalBytes(hash, row.hash)) this.#accept({ row, hash });
    else this.#doubted = { row, hash };
    return true;
  }

  #accept({ row, hash }: { readonly row: ProofRow; readonly hash: Uint8Array }): void {
    this.#doubted = null;
    this.#through = { seq: row.seq, hash };
    this.#see();
  }

  #pass(nextSeq: number, absences: readonly ProofAbsence[]): void {
    const absence = absences.find(({ fromSeq }) => fromSeq === this.#through.seq + 1);
    if (absence === undefined || nextSeq <= absence.throughSeq) return;
    this.#through = { seq: absence.throughSeq, hash: absence.hash };
    this.#see();
  }

  #see(): void {
    if (this.#through.seq === this.#parts.head?.seq) this.#atHead = this.#through.hash;
  }

  /** Behind the damage rows may still follow from one another; whether that leads anywhere, the signed head tells. */
  #follow(row: ProofRow): void {
    const before = this.#before ?? this.#doubted?.row ?? null;
    const follows =
      before !== null &&
      row.seq === before.seq + 1 &&
      equalBytes(nextHash(this.#parts.suite, before.hash, row.bytes), row.hash);
    const head = { seq: row.seq, hash: row.hash };
    if (!follows) this.#run = null;
    else if (this.#run === null) this.#run = { fromSeq: row.seq, prevHash: before.hash, head };
    else this.#run.head = head;
    this.#before = row;
    this.#doubted = null;
  }

  #provenRun(): ProvenRun | null {
    const { head, isSigned } = this.#parts;
    if (this.#run === null || head === null || isSigned === undefined) return null;
    return this.#run.head.seq === head.seq && isSigned(this.#run.head) ? this.#run : null;
  }
}
