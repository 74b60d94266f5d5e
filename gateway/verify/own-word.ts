/** What the gateway's own log tells of other chains, of terminals and keys: a row in a table alone excuses nothing. */
import { parseEntry, readBody, type EntryKind, type Suite } from '../../protocol/index.js';

/** Kinds that tell of chains, terminals and keys. */
const TOLD = new Set<string>([
  'log.gap',
  'log.pruned',
  'log.fork',
  'epoch',
  'terminal.added',
  'key.added',
  'key.revoked',
  'store.restored',
]);

export interface OwnAncestor {
  readonly epoch: string;
  readonly ancestorEpoch: string;
}

export class OwnWord {
  readonly #suite: Suite;
  readonly gaps = new Set<string>();
  readonly pruned = new Set<string>();
  readonly forks = new Set<string>();
  /** Each with the window that it was given last. */
  readonly terminals = new Map<string, string>();
  readonly keysAdded = new Set<string>();
  readonly keysRevoked = new Set<string>();
  readonly ancestors: OwnAncestor[] = [];
  restored = 0;

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  /** An entry of a gateway's chain. What is not readable tells nothing; the walk of that chain names it. */
  push(kind: string, bytes: Uint8Array): void {
    if (!TOLD.has(kind)) return;
    try {
      this.#read(kind as EntryKind, bytes);
    } catch {
      return;
    }
  }

  #read(kind: EntryKind, bytes: Uint8Array): void {
    const entry = parseEntry(this.#suite, bytes);
    if (kind === 'log.gap') this.gaps.add(gapName(readBody(entry, kind)));
    else if (kind === 'log.pruned') this.pruned.add(prunedName(readBody(entry, kind)));
    else if (kind === 'log.fork') this.forks.add(chainName(readBody(entry, kind)));
    else if (kind === 'store.restored') this.restored += 1;
    else if (kind === 'terminal.added') {
      const { terminal, window } = readBody(entry, kind);
      this.terminals.set(terminal, window);
    } else if (kind === 'key.added' || kind === 'key.revoked') {
      (kind === 'key.added' ? this.keysAdded : this.keysRevoked).add(keyName(readBody(entry, kind)));
    } else if (kind === 'epoch') {
      const { ancestor } = readBody(entry, kind);
      if (ancestor !== null) this.ancestors.push({ epoch: entry.epoch, ancestorEpoch: ancestor.epoch });
    }
  }
}

export const chainName = ({ source, epoch }: { source: string; epoch: string }) => `${source} ${epoch}`;

export const keyName = ({ terminal, keyId }: { terminal: string; keyId: string }) => `${terminal} ${keyId}`;

export const gapName = (gap: { source: string; epoch: string; fromSeq: number; throughSeq: number }) =>
  `${chainName(gap)} ${gap.fromSeq} ${gap.throughSeq}`;

export const prunedName = (pruned: { source: string; epoch: string; throughSeq: number; headHash: string }) =>
  `${chainName(pruned)} ${pruned.throughSeq} ${pruned.headHash}`;
