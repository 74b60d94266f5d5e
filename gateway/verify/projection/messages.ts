/** Messages to those who have not rated: the last word of each, as the gateway's own log has it, is its row. */
import type Database from 'better-sqlite3';
import { tablesOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import { textOf, textOrNull, type LooseEntry } from './loose-entry.js';

interface Row {
  readonly outcome: string;
  readonly code: string | null;
  readonly at: number;
}

export class Messages {
  readonly #db: Database.Database;
  readonly #parts: { readonly faults: FaultList; readonly isPruned: boolean };
  /** `null` in a database of before messages were sent. */
  readonly #one: Database.Statement | null;
  /** Entries that differ from their row, until a later one does not: most are tries that came to nothing. */
  readonly #differing = new Map<string, string>();
  readonly #told = new Set<string>();

  constructor(db: Database.Database, parts: { readonly faults: FaultList; readonly isPruned: boolean }) {
    this.#db = db;
    this.#parts = parts;
    this.#one = tablesOf(db).has('reminder')
      ? db.prepare('SELECT outcome, code, at FROM reminder WHERE serviceId = ? AND purpose = ?')
      : null;
  }

  /** A `reminder.sent`. */
  push({ at, body }: LooseEntry, place: string): void {
    if (this.#one === null) return;
    const [serviceId, purpose] = [textOf(body, 'serviceId'), textOf(body, 'purpose')];
    const name = nameOf(serviceId, purpose);
    this.#told.add(name);
    const row = this.#one.get(serviceId, purpose) as Row | undefined;
    const isSame =
      row !== undefined &&
      row.at === at &&
      row.outcome === textOf(body, 'outcome') &&
      row.code === textOrNull(body, 'code');
    if (isSame) this.#differing.delete(name);
    else this.#differing.set(name, place);
  }

  end(): void {
    const { faults, isPruned } = this.#parts;
    if (this.#one === null) return;
    for (const [name, place] of this.#differing)
      faults.add(`${name} is not as the last entry about it, ${place}, says`);
    if (isPruned) return;
    const rows = this.#db.prepare('SELECT serviceId, purpose FROM reminder');
    for (const { serviceId, purpose } of rows.iterate() as IterableIterator<{ serviceId: string; purpose: string }>)
      if (!this.#told.has(nameOf(serviceId, purpose)))
        faults.add(`${nameOf(serviceId, purpose)} is backed by no entry`);
  }
}

const nameOf = (serviceId: string, purpose: string) => `the ${purpose} about service ${serviceId}`;
