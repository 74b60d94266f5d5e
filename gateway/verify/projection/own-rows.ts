/**
 * Rows that the gateway's own entries make or change, long after their service: its end by default, its taking back,
 * messages, words, what was supplied to a bare negative, and flags. Each entry is held against its row, which is looked up.
 */
import type Database from 'better-sqlite3';
import type { Suite } from '../../../protocol/index.js';
import type { FaultList } from '../verify-report.js';
import type { StoredEntry } from './cross-check.js';
import { Expiries } from './expiries.js';
import { isWellFormed, readLoosely } from './loose-entry.js';
import { Messages } from './messages.js';
import { RaisedFlags } from './raised-flags.js';
import type { SetAside } from './set-aside.js';
import { SuppliedReasons } from './supplied-reasons.js';
import { TakenBack } from './taken-back.js';
import { Words } from './words.js';

export interface OwnRowsParts {
  readonly suite: Suite;
  readonly faults: FaultList;
  /** Whether the retention let entries go: a row may rest on one of those. */
  readonly isPruned: boolean;
}

export class OwnRows {
  readonly #suite: Suite;
  readonly #expiries: Expiries;
  readonly #takenBack: TakenBack;
  readonly #messages: Messages;
  readonly #words: Words;
  readonly #supplied: SuppliedReasons;
  readonly #flags: RaisedFlags;
  /** After a repair rows may lack that no entry makes anew. */
  #isRestored = false;

  constructor(db: Database.Database, parts: OwnRowsParts) {
    this.#suite = parts.suite;
    this.#expiries = new Expiries(db, parts);
    this.#takenBack = new TakenBack(db, parts);
    this.#messages = new Messages(db, parts);
    this.#words = new Words(db, parts);
    this.#supplied = new SuppliedReasons(db, parts);
    this.#flags = new RaisedFlags(db, parts);
  }

  push(stored: StoredEntry, aside: SetAside | null): void {
    const { kind, bytes, terminal } = stored;
    if (kind === 'service.expired') return this.#expiries.push(stored, aside);
    // A terminal may write any kind into its log; of these only the gateway's own mean something.
    if (terminal !== '') return;
    if (kind === 'store.restored') this.#isRestored = true;
    if (kind !== 'service.closed' && kind !== 'rating.made' && !KINDS.has(kind)) return;
    if (KINDS.has(kind) && !isWellFormed(this.#suite, bytes, kind as WholeKind)) return;
    const entry = readLoosely(bytes);
    if (entry === null) return;
    const place = `${stored.source} ${stored.epoch} ${stored.seq}`;
    if (kind === 'service.closed') this.#takenBack.push(entry);
    else if (kind === 'reminder.sent') this.#messages.push(entry, place);
    else if (kind === 'flag.raised' || kind === 'flag.cleared') this.#flags.push(entry, place);
    else {
      if (kind === 'reason.supplied') this.#supplied.push(entry, place);
      this.#words.push(entry);
    }
  }

  end(): void {
    this.#expiries.end();
    this.#takenBack.end();
    this.#messages.end();
    this.#words.end(this.#isRestored);
    this.#supplied.end();
    this.#flags.end();
  }
}

type WholeKind =
  'reminder.sent' | 'reason.supplied' | 'text.settled' | 'evaluator.erased' | 'flag.raised' | 'flag.cleared';

/** Of these there are few: each is read against its schema. */
const KINDS: ReadonlySet<string> = new Set<WholeKind>([
  'reminder.sent',
  'reason.supplied',
  'text.settled',
  'evaluator.erased',
  'flag.raised',
  'flag.cleared',
]);
