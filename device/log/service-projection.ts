/** Services and slips as the log's entries make them: rows written in the transaction of their entries. */
import type { Statement } from 'better-sqlite3';
import { serviceFactsSchema, type EntryBody, type ReceiptOccasion, type ServiceFacts } from '../../protocol/index.js';
import type { KnownService, ReceiptJob, ServiceBook } from './service-book.js';

/** Additive to the first schema, whose `service` knew a state and a moment only. */
export const SERVICE_BOOK_STEP = `
  ALTER TABLE service ADD COLUMN opened_at INTEGER;
  ALTER TABLE service ADD COLUMN facts TEXT;         -- JSON: what the terminal was told, with window and staff
  ALTER TABLE service ADD COLUMN rated INTEGER;
  CREATE INDEX service_ended ON service (at) WHERE state = 'ended';
  CREATE TABLE receipt (
    service_id TEXT NOT NULL, copy INTEGER NOT NULL, occasion TEXT NOT NULL, queued_at INTEGER NOT NULL,
    state TEXT NOT NULL,             -- as its last entry says: queued, in-doubt, printed, dropped
    started INTEGER NOT NULL,        -- 1: its bytes were about to leave
    doubts INTEGER NOT NULL,         -- how often they left and nobody can tell what became of them
    PRIMARY KEY (service_id, copy)
  ) WITHOUT ROWID;
  CREATE INDEX receipt_waiting ON receipt (queued_at) WHERE state IN ('queued', 'in-doubt');`;

interface ServiceRow {
  state: 'open' | 'ended';
  at: number;
  opened_at: number | null;
  facts: string | null;
  rated: number | null;
}

interface Kept {
  readonly service: ServiceFacts;
  readonly window: string | null;
  readonly staffNo: string | null;
}

export class ServiceProjection implements ServiceBook {
  readonly #sql: (text: string) => Statement;

  /** @param sql prepares a statement once. */
  constructor(sql: (text: string) => Statement) {
    this.#sql = sql;
  }

  /** To be called in the transaction of the entry. `body` is of its kind. */
  project(kind: string, body: Readonly<Record<string, unknown>>, at: number): void {
    switch (kind) {
      case 'service.opened':
        return this.#opened(body as EntryBody<'service.opened'>, at);
      case 'rating':
        return this.#ended((body as EntryBody<'rating'>).serviceId, at, 1);
      case 'unrated':
        return this.#ended((body as EntryBody<'unrated'>).serviceId, at, 0);
      case 'receipt':
        return this.#receipt(body as EntryBody<'receipt'>, at);
      default:
        return;
    }
  }

  state(serviceId: string): 'unknown' | 'open' | 'ended' {
    const row = this.#sql('SELECT state FROM service WHERE service_id = ?').get(serviceId) as
      { state: 'open' | 'ended' } | undefined;
    return row?.state ?? 'unknown';
  }

  service(serviceId: string): KnownService | null {
    const row = this.#sql('SELECT state, at, opened_at, facts, rated FROM service WHERE service_id = ?').get(
      serviceId,
    ) as ServiceRow | undefined;
    return row === undefined ? null : known(row);
  }

  recentServices(limit: number): readonly KnownService[] {
    const rows = this.#sql(
      "SELECT state, at, opened_at, facts, rated FROM service WHERE state = 'ended' ORDER BY at DESC LIMIT ?",
    ).all(limit) as ServiceRow[];
    return rows.map(known).filter((service) => service !== null);
  }

  nextReceipt(): ReceiptJob | null {
    const row = this.#sql(
      "SELECT * FROM receipt WHERE state IN ('queued', 'in-doubt') ORDER BY queued_at, service_id, copy LIMIT 1",
    ).get() as
      { service_id: string; copy: number; occasion: ReceiptOccasion; queued_at: number; doubts: number } | undefined;
    if (row === undefined) return null;
    const { service_id: serviceId, copy, occasion, queued_at: queuedAtMs, doubts } = row;
    return { serviceId, copy, occasion, queuedAtMs, doubts };
  }

  receiptCopies(serviceId: string): number {
    const row = this.#sql('SELECT max(copy) AS copies FROM receipt WHERE service_id = ?').get(serviceId) as {
      copies: number | null;
    };
    return row.copies ?? 0;
  }

  startReceipt({ serviceId, copy }: ReceiptJob): void {
    this.#sql('UPDATE receipt SET started = 1 WHERE service_id = ? AND copy = ?').run(serviceId, copy);
  }

  forgetStart({ serviceId, copy }: ReceiptJob): void {
    this.#sql('UPDATE receipt SET started = 0 WHERE service_id = ? AND copy = ?').run(serviceId, copy);
  }

  /** At a start: what was being printed when the program ended is in doubt. */
  takeUp(): void {
    this.#sql('UPDATE receipt SET started = 0, doubts = doubts + 1 WHERE started = 1').run();
  }

  /** Forgets services that ended before, the oldest first, and their slips. @returns how many services went. */
  prune(beforeMs: number, limit: number): number {
    const ended = this.#sql("SELECT service_id FROM service WHERE state = 'ended' AND at < ? ORDER BY at LIMIT ?")
      .pluck()
      .all(beforeMs, limit) as string[];
    for (const serviceId of ended) {
      this.#sql("DELETE FROM receipt WHERE service_id = ? AND state IN ('printed', 'dropped')").run(serviceId);
      this.#sql('DELETE FROM service WHERE service_id = ?').run(serviceId);
    }
    return ended.length;
  }

  #opened(body: EntryBody<'service.opened'>, at: number): void {
    const { window = null, staffNo = null } = body;
    const kept: Kept = { service: serviceFactsSchema.parse(body), window, staffNo };
    this.#sql(
      `INSERT INTO service (service_id, state, at, opened_at, facts) VALUES (?, 'open', ?, ?, ?)
       ON CONFLICT (service_id) DO UPDATE SET state = 'open', at = excluded.at, opened_at = excluded.opened_at, facts = excluded.facts`,
    ).run(body.serviceId, at, at, JSON.stringify(kept));
  }

  #ended(serviceId: string, at: number, rated: 0 | 1): void {
    this.#sql(
      `INSERT INTO service (service_id, state, at, rated) VALUES (?, 'ended', ?, ?)
       ON CONFLICT (service_id) DO UPDATE SET state = 'ended', at = excluded.at, rated = excluded.rated`,
    ).run(serviceId, at, rated);
  }

  #receipt({ serviceId, copy, occasion, state }: EntryBody<'receipt'>, at: number): void {
    const doubt = state === 'in-doubt' ? 1 : 0;
    this.#sql(
      `INSERT INTO receipt (service_id, copy, occasion, queued_at, state, started, doubts) VALUES (?, ?, ?, ?, ?, 0, ?)
       ON CONFLICT (service_id, copy) DO UPDATE SET state = excluded.state, started = 0, doubts = doubts + excluded.doubts`,
    ).run(serviceId, copy, occasion, at, state, doubt);
  }
}

/** `null` where an older version kept only the state. */
function known({ state, at, opened_at, facts, rated }: ServiceRow): KnownService | null {
  if (facts === null || opened_at === null) return null;
  const { service, window, staffNo } = JSON.parse(facts) as Kept;
  return {
    facts: service,
    window,
    staffNo,
    openedAtMs: opened_at,
    endedAtMs: state === 'ended' ? at : null,
    rated: rated === 1,
  };
}
