/**
 * Services whose days are over: what the table counts them as must be what the gateway's log said, and of no other may it
 * say so. The entry comes days after the service, so that each is looked up in its row.
 */
import type Database from 'better-sqlite3';
import type { Suite } from '../../../protocol/index.js';
import { columnsOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import type { StoredEntry } from './cross-check.js';
import { isWellFormed, readLoosely, textOf } from './loose-entry.js';
import type { SetAside } from './set-aside.js';

interface Row {
  readonly expiredAt: number | null;
  readonly defaultLevel: number | null;
}

export class Expiries {
  readonly #db: Database.Database;
  readonly #parts: { readonly suite: Suite; readonly faults: FaultList; readonly isPruned: boolean };
  /** `null` in a database of before days were kept. */
  readonly #one: Database.Statement | null;
  #told = 0;

  constructor(db: Database.Database, parts: { suite: Suite; faults: FaultList; isPruned: boolean }) {
    this.#db = db;
    this.#parts = parts;
    this.#one = columnsOf(db, 'service').has('expiredAt')
      ? db.prepare('SELECT expiredAt, defaultLevel FROM service WHERE serviceId = ?')
      : null;
  }

  push({ source, epoch, seq, bytes, terminal }: StoredEntry, aside: SetAside | null): void {
    const { suite, faults, isPruned } = this.#parts;
    const place = `${source} ${epoch} ${seq}`;
    const entry = isWellFormed(suite, bytes, 'service.expired') ? readLoosely(bytes) : null;
    const serviceId = entry === null ? '' : textOf(entry.body, 'serviceId');
    const row = this.#one?.get(serviceId) as Row | undefined;
    const meansNothing = entry === null || terminal !== '' || row === undefined;
    const isAside = aside !== null && aside.resolvedAt === null;
    if (meansNothing && !isAside && !isPruned) faults.add(`${place} means nothing here, and is not set aside`);
    if (!meansNothing && isAside) faults.add(`${place} is set aside as ${aside.code}, for no reason that can be seen`);
    if (meansNothing || isAside) return;
    // The first word of it stands.
    if (row.expiredAt !== null && row.expiredAt < entry.at) return;
    if (row.expiredAt === entry.at && row.defaultLevel === entry.body['level']) this.#told += 1;
    else faults.add(`service ${serviceId} is not counted as its entry ${place} says`);
  }

  /** What no entry tells of. */
  end(): void {
    const { faults, isPruned } = this.#parts;
    if (this.#one === null || isPruned) return;
    const total = this.#db
      .prepare('SELECT count(*) FROM service WHERE expiredAt IS NOT NULL OR defaultLevel IS NOT NULL')
      .pluck()
      .get() as number;
    if (total > this.#told)
      faults.add(`${total - this.#told} services count by default, for which the gateway's log tells of no such end`);
  }
}
