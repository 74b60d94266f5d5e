/** What somebody should look at: the last word on each flag, as the gateway's own log has it, is its row. */
import type Database from 'better-sqlite3';
import { tablesOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import { textOf, type LooseEntry } from './loose-entry.js';

interface Row {
  readonly flag: string;
  readonly subject: string;
  readonly evidence: string;
  readonly at: number;
  readonly clearedAt: number | null;
}

interface Told {
  /** `null` where the retention let it go. */
  readonly raised: { readonly evidence: string; readonly at: number } | null;
  readonly clearedAt: number | null;
  readonly place: string;
}

export class RaisedFlags {
  readonly #parts: { readonly faults: FaultList; readonly isPruned: boolean };
  readonly #rows = new Map<string, Row>();
  /** There are few: a flag is raised again only when it speaks of twice as many services. */
  readonly #told = new Map<string, Told>();

  constructor(db: Database.Database, parts: { readonly faults: FaultList; readonly isPruned: boolean }) {
    this.#parts = parts;
    if (!tablesOf(db).has('flag')) return;
    const rows = db.prepare('SELECT flag, subject, evidence, at, clearedAt FROM flag').all() as Row[];
    for (const row of rows) this.#rows.set(nameOf(row.flag, row.subject), row);
  }

  /** A `flag.raised` or a `flag.cleared`. */
  push({ kind, at, body }: LooseEntry, place: string): void {
    const name = nameOf(textOf(body, 'flag'), textOf(body, 'subject'));
    const raised = kind === 'flag.raised' ? { evidence: textOf(body, 'evidence'), at } : this.#told.get(name)?.raised;
    this.#told.set(name, { raised: raised ?? null, clearedAt: kind === 'flag.raised' ? null : at, place });
  }

  end(): void {
    const { faults, isPruned } = this.#parts;
    for (const [name, told] of this.#told)
      if (!isAsTold(this.#rows.get(name), told))
        faults.add(`${name} is not as the last entry about it, ${told.place}, says`);
    if (isPruned) return;
    for (const name of this.#rows.keys()) if (!this.#told.has(name)) faults.add(`${name} is backed by no entry`);
  }
}

function isAsTold(row: Row | undefined, { raised, clearedAt }: Told): boolean {
  if (row === undefined || row.clearedAt !== clearedAt) return false;
  return raised === null || (row.at === raised.at && row.evidence === raised.evidence);
}

const nameOf = (flag: string, subject: string) => `the flag ${flag} (${subject})`;
