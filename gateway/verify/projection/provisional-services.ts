/**
 * Services of which only a receipt's code was known: each row must be backed by an entry, and be of the service that the
 * code really means. A second reading: whose reference is whose is computed here from the services themselves.
 */
import type Database from 'better-sqlite3';
import { serviceReferenceOf, type Suite } from '../../../protocol/index.js';
import { columnsOf, tablesOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import type { StoredEntry } from './cross-check.js';
import { isWellFormed, readLoosely, textOf, type LooseEntry } from './loose-entry.js';
import type { SetAside } from './set-aside.js';

interface Row {
  readonly serviceId: string;
  readonly terminal: string;
  readonly reference: string;
  readonly day: string;
  readonly at: number;
  readonly resolvedTo: string | null;
}

/** An act whose service is told of later. */
export interface WaitingAct {
  readonly stored: Omit<StoredEntry, 'bytes'>;
  readonly entry: LooseEntry;
}

interface Parts {
  readonly suite: Suite;
  readonly faults: FaultList;
  readonly isPruned: boolean;
}

/** Whether a name is one under which acts of a code stand. */
export function isCodeName(serviceId: string): boolean {
  return serviceId.startsWith('later:');
}

export class ProvisionalServices {
  readonly #db: Database.Database;
  readonly #parts: Parts;
  /** `null` in a database of before there were any. */
  readonly #one: Database.Statement | null;
  readonly #waiting = new Map<string, WaitingAct[]>();
  readonly #seen = new Set<string>();
  #told = 0;

  constructor(db: Database.Database, parts: Parts) {
    this.#db = db;
    this.#parts = parts;
    const has = tablesOf(db).has('provisional') && columnsOf(db, 'service').has('reference');
    this.#one = has ? db.prepare('SELECT * FROM provisional WHERE serviceId = ?') : null;
  }

  /** An entry of the kind `service.provisional`. */
  push({ source, epoch, seq, bytes, terminal }: StoredEntry, aside: SetAside | null): void {
    const { suite, faults, isPruned } = this.#parts;
    const place = `${source} ${epoch} ${seq}`;
    const entry = isWellFormed(suite, bytes, 'service.provisional') ? readLoosely(bytes) : null;
    const [name, by, reference, day] = ['serviceId', 'terminal', 'reference', 'day'].map((key) =>
      entry === null ? '' : textOf(entry.body, key),
    );
    const isAside = aside !== null && aside.resolvedAt === null;
    const meansNothing = entry === null || terminal !== '' || name !== `later:${by}:${reference}`;
    if (meansNothing !== isAside)
      faults.add(
        isAside
          ? `${place} is set aside as ${aside.code}, for no reason that can be seen`
          : `${place} means nothing here, and is not set aside`,
      );
    if (meansNothing || isAside) return;
    const row = this.of(name);
    const isAsSaid =
      row !== null && row.terminal === by && row.reference === reference && row.day === day && row.at <= entry.at;
    // The first word of it stands.
    if (isAsSaid) this.#told += row.at === entry.at ? 1 : 0;
    else if (!isPruned) faults.add(`service ${name}, of which a code is known, is not as its entry ${place} says`);
  }

  of(serviceId: string): Row | null {
    return (this.#one?.get(serviceId) as Row | undefined) ?? null;
  }

  /** Whether an act is told of for the first time. */
  isNew(ratingId: string): boolean {
    const isNew = !this.#seen.has(ratingId);
    this.#seen.add(ratingId);
    return isNew;
  }

  /** An act of a service that is told of later. */
  wait(serviceId: string, act: WaitingAct): void {
    const acts = this.#waiting.get(serviceId);
    if (acts === undefined) this.#waiting.set(serviceId, [act]);
    else acts.push(act);
  }

  /** The acts that waited for a service, in the order in which they came. */
  take(serviceId: string): readonly WaitingAct[] {
    const acts = this.#waiting.get(serviceId);
    this.#waiting.delete(serviceId);
    return acts ?? [];
  }

  /** Services that acts wait for. */
  get awaited(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** To be called once, after the last entry. */
  end(): void {
    if (this.#one === null) return;
    this.#reportReferences();
    this.#reportRows();
    this.#reportQueue();
  }

  #reportReferences(): void {
    const { suite, faults } = this.#parts;
    const rows = this.#db.prepare('SELECT serviceId, reference FROM service').raw().iterate();
    for (const [serviceId, reference] of rows as IterableIterator<[string, string | null]>)
      // An older version opened services without one, after an update was rolled back.
      if (reference !== null && reference !== serviceReferenceOf(suite, serviceId))
        faults.add(`service ${serviceId} is found by a code that is not its own`);
  }

  #reportRows(): void {
    const { faults, isPruned } = this.#parts;
    const rows = this.#db.prepare('SELECT * FROM provisional').all() as Row[];
    if (rows.length > this.#told && !isPruned)
      faults.add(`${rows.length - this.#told} codes stand for services, of which the gateway's log does not tell`);
    const byCode = this.#db.prepare('SELECT serviceId FROM service WHERE reference = ? AND terminal = ?').pluck();
    for (const { serviceId, terminal, reference, resolvedTo } of rows) {
      const meant = byCode.all(reference, terminal) as string[];
      if (resolvedTo === null ? meant.length > 0 : !meant.includes(resolvedTo))
        faults.add(`service ${serviceId}, of which a code is known, is not taken for the one that it means`);
    }
  }

  /** Nothing leaves of a service that no log tells of. */
  #reportQueue(): void {
    const rows = this.#db
      .prepare(
        `SELECT forward.ratingId FROM provisional
           JOIN rating ON rating.serviceId = provisional.serviceId
           JOIN forward ON forward.ratingId = rating.ratingId
         WHERE resolvedTo IS NULL AND state <> 'held'`,
      )
      .pluck()
      .all() as string[];
    for (const ratingId of rows)
      this.#parts.faults.add(`rating ${ratingId} is on its way to the centre, and no log tells of its service`);
  }
}
