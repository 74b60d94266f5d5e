/** Entries that the database says are set aside, read in the order of the entries. */
import type Database from 'better-sqlite3';
import { rising } from '../rising.js';

export interface SetAside {
  readonly entryId: number;
  readonly code: string;
  /** When it was carried out after all; `null` while it is set aside. */
  readonly resolvedAt: number | null;
}

const CHUNK = 500;

export class SetAsideRows {
  readonly #next: Database.Statement;
  #chunk: readonly SetAside[] = [];
  #index = 0;
  #last = 0;

  constructor(db: Database.Database) {
    this.#next = db.prepare(
      `SELECT entryId, code, resolvedAt FROM quarantine WHERE entryId > ? ORDER BY entryId LIMIT ${CHUNK}`,
    );
  }

  /** To be asked for entries in the order of their ids. */
  of(entryId: number): SetAside | null {
    for (;;) {
      if (this.#index >= this.#chunk.length) {
        if (this.#chunk.length < CHUNK && this.#last > 0) return null;
        this.#chunk = rising(this.#next.all(this.#last) as SetAside[], ({ entryId }) => entryId, this.#last);
        this.#index = 0;
        this.#last = this.#chunk.at(-1)?.entryId ?? Number.MAX_SAFE_INTEGER;
      }
      const row = this.#chunk[this.#index];
      if (row === undefined || row.entryId > entryId) return null;
      if (row.entryId === entryId) return row;
      this.#index += 1;
    }
  }
}
