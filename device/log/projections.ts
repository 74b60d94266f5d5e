/** The projections that are written in the transaction of their entries: services with their slips, the newest self-check. */
import Database, { type Statement } from 'better-sqlite3';
import { entryBodies, isKnownKind, type Entry } from '../../protocol/index.js';
import { SelfCheckProjection } from './self-check-projection.js';
import { ServiceProjection } from './service-projection.js';
import type { Draft } from './session-log.js';

/**
 * A damaged page of these tables and their indexes, or one in another's place, would be found by the first press only.
 * The entries have their chain.
 */
const CHECKED_AT_START = ['epoch', 'counter', 'service', 'receipt', 'meta'];

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

  /** @throws SqliteError `SQLITE_CORRUPT` where one of these tables, or an index of it, is not what was written. */
  check(): void {
    for (const table of CHECKED_AT_START) {
      const said = this.#sql(`PRAGMA integrity_check(${table})`).pluck().get();
      if (said !== 'ok') throw new Database.SqliteError(String(said), 'SQLITE_CORRUPT');
    }
  }
}
