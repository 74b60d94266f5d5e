/** The far end of every peer: a durable table, with nothing in it that hides a record that came twice. */
import Database from 'better-sqlite3';

export const FAR_TABLE = 'far.db';

export class FarTable {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement;
  readonly #all: Database.Transaction<(bodies: readonly string[]) => void>;

  constructor(file: string) {
    this.#db = new Database(file);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS record (row INTEGER PRIMARY KEY, n INTEGER NOT NULL, at REAL NOT NULL, body TEXT NOT NULL)',
    );
    this.#insert = this.#db.prepare('INSERT INTO record (n, at, body) VALUES (?, ?, ?)');
    this.#all = this.#db.transaction((bodies: readonly string[]) => {
      const at = performance.timeOrigin + performance.now();
      for (const body of bodies) this.#insert.run((JSON.parse(body) as { n: number }).n, at, body);
    });
  }

  /** When this returns, the disk has them: one transaction. */
  write(bodies: readonly string[]): void {
    this.#all.immediate(bodies);
  }

  close(): void {
    this.#db.close();
  }
}

/** What the table has, read beside whoever writes it. */
export class FarView {
  readonly #db: Database.Database;

  constructor(file: string) {
    this.#db = new Database(file, { readonly: true });
  }

  rows(): number {
    return Number(this.#db.prepare('SELECT coalesce(max(row), 0) FROM record').pluck().get());
  }

  records(): number {
    return Number(this.#db.prepare('SELECT count(DISTINCT n) FROM record').pluck().get());
  }

  /** When the transaction of the first row and of the last began, ms since 1970. */
  span(): { firstMs: number; lastMs: number } {
    return this.#db.prepare('SELECT min(at) AS firstMs, max(at) AS lastMs FROM record').get() as {
      firstMs: number;
      lastMs: number;
    };
  }

  close(): void {
    this.#db.close();
  }
}
