/**
 * The rows of a table in the order in which they were made, claimed one by one by what should have made them. Entries
 * are read in the same order, so that a row is nearly always the next one: nothing is looked up, and only what nobody
 * has claimed so far is kept.
 */
import type Database from 'better-sqlite3';
import { rising } from '../rising.js';

export interface Claimed<Row> {
  readonly row: Row;
  /** Whether this is the first claim on the row. */
  readonly first: boolean;
}

/** A row as its columns come, behind its place in the table. */
type Tuple = [place: number, ...columns: unknown[]];

interface Placed<Row> {
  readonly place: number;
  readonly row: Row;
}

const CHUNK = 500;
/** Rows that may wait for their claim; past that the table has next to nothing to do with the log. */
const MAX_WAITING = 50_000;

export class RowStream<Row extends object> {
  readonly #next: Database.Statement;
  readonly #one: Database.Statement;
  readonly #keyOf: (row: Row) => string;
  readonly #rowOf: (columns: Tuple) => Row;
  readonly #waiting = new Map<string, Row>();
  #chunk: readonly Tuple[] = [];
  /** The next row, once it was looked at. */
  #peeked: Placed<Row> | undefined;
  #index = 0;
  /** Place of the last row that was taken from the table. */
  #place = 0;
  #claimed = 0;
  #overflown = false;

  /**
   * @param columns of the table, as SQL; `key` is its primary key.
   * @param rowOf makes a row of the place and the columns, in this order.
   */
  constructor(
    db: Database.Database,
    { table, key, columns }: { table: string; key: string; columns: string },
    rowOf: (columns: Tuple) => Row,
    keyOf: (row: Row) => string,
  ) {
    const select = `SELECT rowid, ${columns} FROM "${table}"`;
    this.#next = db.prepare(`${select} WHERE rowid > ? ORDER BY rowid LIMIT ${CHUNK}`).raw();
    this.#one = db.prepare(`${select} WHERE "${key}" = ?`).raw();
    this.#rowOf = rowOf;
    this.#keyOf = keyOf;
  }

  get claimed(): number {
    return this.#claimed;
  }

  /** Whether more rows waited than are kept: what follows is then not to be relied on. */
  get overflown(): boolean {
    return this.#overflown;
  }

  /** Whether the row of a key is the next one that was not taken yet. */
  isNext(key: string): boolean {
    const next = this.#peek();
    return next !== undefined && this.#keyOf(next.row) === key;
  }

  /** The row of a key; `null` where the table has none. */
  claim(key: string): Claimed<Row> | null {
    const next = this.#peek();
    if (next !== undefined && this.#keyOf(next.row) === key) return this.#first(this.#take(next));
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      this.#waiting.delete(key);
      return this.#first(waiting);
    }
    const found = this.#find(key);
    if (found === null) return null;
    if (found.place <= this.#place) return { row: found.row, first: false };
    // Somewhere ahead: what stands before it waits for its own claim.
    for (let ahead = this.#peek(); ahead !== undefined; ahead = this.#peek()) {
      this.#take(ahead);
      if (ahead.place === found.place) return this.#first(ahead.row);
      this.#wait(ahead.row);
    }
    return null;
  }

  /** The row of a key, if it was claimed before. */
  claimedBefore(key: string): Row | null {
    if (this.#waiting.has(key)) return null;
    const found = this.#find(key);
    return found !== null && found.place <= this.#place ? found.row : null;
  }

  /** What nobody has claimed. To be called once, at the end. */
  *unclaimed(): Generator<Row> {
    yield* this.#waiting.values();
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) yield this.#take(next);
  }

  #first(row: Row): Claimed<Row> {
    this.#claimed += 1;
    return { row, first: true };
  }

  #wait(row: Row): void {
    if (this.#waiting.size < MAX_WAITING) this.#waiting.set(this.#keyOf(row), row);
    else this.#overflown = true;
  }

  #find(key: string): Placed<Row> | null {
    const found = this.#one.get(key) as Tuple | undefined;
    return found === undefined ? null : { place: found[0], row: this.#rowOf(found) };
  }

  #take({ place, row }: Placed<Row>): Row {
    this.#index += 1;
    this.#place = place;
    this.#peeked = undefined;
    return row;
  }

  #peek(): Placed<Row> | undefined {
    if (this.#peeked !== undefined) return this.#peeked;
    if (this.#index >= this.#chunk.length) {
      this.#chunk = rising(this.#next.all(this.#place) as Tuple[], ([place]) => place, this.#place);
      this.#index = 0;
    }
    const next = this.#chunk[this.#index];
    if (next !== undefined) this.#peeked = { place: next[0], row: this.#rowOf(next) };
    return this.#peeked;
  }
}
