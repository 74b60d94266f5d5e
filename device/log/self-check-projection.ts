/** The newest self-check, kept as a row so that a start need not look for it in the log. */
import type { Statement } from 'better-sqlite3';
import { entryBodies, type EntryBody } from '../../protocol/index.js';

const META_KEY = 'selfcheck';

export interface RecordedCheck {
  readonly body: EntryBody<'selfcheck'>;
  /** When it ended, ms since 1970. */
  readonly atMs: number;
}

export class SelfCheckProjection {
  readonly #sql: (text: string) => Statement;

  constructor(sql: (text: string) => Statement) {
    this.#sql = sql;
  }

  /** To be called in the transaction of the entry. */
  project(kind: string, body: unknown, atMs: number): void {
    if (kind !== 'selfcheck') return;
    this.#sql('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(
      META_KEY,
      JSON.stringify({ body, atMs }),
    );
  }

  newest(): RecordedCheck | null {
    const row = this.#sql('SELECT value FROM meta WHERE key = ?').get(META_KEY) as { value: string } | undefined;
    if (row === undefined) return null;
    const { body, atMs } = JSON.parse(row.value) as { body: unknown; atMs: number };
    // A later version may have written what this one does not know.
    const known = entryBodies.selfcheck.safeParse(body);
    return known.success ? { body: known.data, atMs } : null;
  }
}
