/** Services that the business system took back: the gateway's own log says which, and when. */
import type Database from 'better-sqlite3';
import { columnsOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import { textOf, type LooseEntry } from './loose-entry.js';

interface Row {
  readonly takenBackAt: number | null;
  readonly daysFrom: number | null;
}

export class TakenBack {
  readonly #db: Database.Database;
  readonly #parts: { readonly faults: FaultList; readonly isPruned: boolean };
  /** `null` in a database of before it was kept. */
  readonly #one: Database.Statement | null;
  readonly #told = new Set<string>();

  constructor(db: Database.Database, parts: { readonly faults: FaultList; readonly isPruned: boolean }) {
    this.#db = db;
    this.#parts = parts;
    this.#one = columnsOf(db, 'service').has('takenBackAt')
      ? db.prepare('SELECT takenBackAt, daysFrom FROM service WHERE serviceId = ?')
      : null;
  }

  /** A `service.closed` of the gateway's own. */
  push({ at, body }: LooseEntry): void {
    const serviceId = textOf(body, 'serviceId');
    // The first word of it stands.
    if (this.#one === null || body['cause'] !== 'cancelled' || this.#told.has(serviceId)) return;
    this.#told.add(serviceId);
    const row = this.#one.get(serviceId) as Row | undefined;
    if (row === undefined || row.takenBackAt === at) return;
    // A row of before it was kept says nothing of it, and has no days either.
    if (row.takenBackAt === null && row.daysFrom === null) return;
    this.#parts.faults.add(`service ${serviceId} was taken back, and its row does not say so as its entry does`);
  }

  /** What no entry tells of. */
  end(): void {
    const { faults, isPruned } = this.#parts;
    if (this.#one === null || isPruned) return;
    const rows = this.#db.prepare('SELECT serviceId FROM service WHERE takenBackAt IS NOT NULL').pluck();
    for (const serviceId of rows.iterate() as IterableIterator<string>)
      if (!this.#told.has(serviceId))
        faults.add(`service ${serviceId} is marked as taken back, of which the gateway's log tells nothing`);
  }
}
