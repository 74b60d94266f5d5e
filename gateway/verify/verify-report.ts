/** What a proof says of a database. */

/** A chain's end, as a report names it and as somebody may keep it elsewhere. */
export interface NamedHead {
  readonly source: string;
  readonly epoch: string;
  readonly seq: number;
  /** base64url. */
  readonly hash: string;
}

export interface ChainReport {
  readonly source: string;
  readonly epoch: string;
  readonly entries: number;
  /** Place of the head. */
  readonly headSeq: number;
  /** The head that a report rests on, base64url. */
  readonly headHash: string;
  readonly ok: boolean;
  /** The first fault, or what the chain's proof rests on. */
  readonly verdict: string;
  /** Seqs of heads kept elsewhere that could not be compared: the entries there are rightly absent. */
  readonly unmet: readonly number[];
}

/** What was found of the tables from which figures are read. */
export interface ProjectionReport {
  readonly services: number;
  readonly presses: number;
  readonly ratings: number;
  /** Rows that rest on entries which the retention let go: their figures stand, their entries do not any more. */
  readonly withoutEntries: number;
  /** Entries that are set aside, by code. */
  readonly setAside: Readonly<Record<string, number>>;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly kind: 'terminal' | 'gateway';
  readonly entries: number;
  readonly chains: readonly ChainReport[];
  /** Of a gateway's database. */
  readonly projections: ProjectionReport | null;
  /** What is wrong beside the chains: rows that no entry backs, heads that are not met, rows that are gone. */
  readonly faults: readonly string[];
  /** What could not be checked here, and what for. */
  readonly notes: readonly string[];
}

/** Faults that are named one by one; a database that is wrong throughout need not be told row by row. */
const MAX_NAMED = 50;

/** Faults as they are found: the first ones by name, the others by their number. */
export class FaultList {
  readonly #named: string[] = [];
  #total = 0;

  add(fault: string): void {
    this.#total += 1;
    if (this.#named.length < MAX_NAMED) this.#named.push(fault);
  }

  get total(): number {
    return this.#total;
  }

  all(): string[] {
    const more = this.#total - this.#named.length;
    return more > 0 ? [...this.#named, `and ${more} more`] : [...this.#named];
  }
}
