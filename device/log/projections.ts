/** The projections that are written in the transaction of their entries: services with their slips, the newest self-check. */
import type { Statement } from 'better-sqlite3';
import { entryBodies, isKnownKind, type Entry } from '../../protocol/index.js';
import { SelfCheckProjection } from './self-check-projection.js';
import { ServiceProjection } from './service-projection.js';
import type { Draft } from './session-log.js';

/** A damaged page of these tables and indexes would be found by the first press only. */
const READ_AT_START = [
  'service',
  "service INDEXED BY service_ended WHERE state = 'ended'",
  'receipt',
  "receipt INDEXED BY receipt_waiting WHERE state IN ('queued', 'in-doubt')",
  'meta',
];

export class Projections {
  readonly services: ServiceProjection;
  readonly checks: SelfCheckProjection;
  readonly #sql: (text: string) => Statement;

  /** @param sql prepares a statement once. */
  constructor(sql: (text: string) => Statement) {
    this.#sql = sql;
    this.services = new ServiceProjection(sql);
    this.checks = new SelfCheckProjection(sql);
  }

  /** To be called in the transaction of the entry. */
  project({ kind, body }: Pick<Draft, 'kind' | 'body'>, atMs: number): void {
    this.services.project(kind, body, atMs);
    this.checks.project(kind, body, atMs);
  }

  /** An entry that was carried over from another file; what this version does not know of it projects nothing. */
  projectAgain({ kind, body }: Entry, atMs: number): void {
    const known = isKnownKind(kind) ? entryBodies[kind].safeParse(body) : undefined;
    if (known?.success !== true) return;
    this.services.project(kind, known.data, atMs);
    this.checks.project(kind, known.data, atMs);
  }

  /** @throws SqliteError where a page of them is damaged. */
  readThrough(): void {
    for (const rows of READ_AT_START) this.#sql(`SELECT count(*) FROM ${rows}`).get();
  }
}
