/**
 * What goes to the centre as the why of a rating besides its reasons: what a callback brought and the neutral words are
 * told by the gateway's own log; the evaluator's own words by the rating itself.
 */
import type Database from 'better-sqlite3';
import { columnsOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import { textOf, type LooseEntry } from './loose-entry.js';

interface Told {
  readonly place: string;
  readonly text: unknown;
  readonly codes: unknown;
}

export class SuppliedReasons {
  readonly #db: Database.Database;
  readonly #parts: { readonly faults: FaultList; readonly isPruned: boolean };
  /** `null` in a database of before anything was supplied. */
  readonly #one: Database.Statement | null;
  /** Entries that differ from their row, until a later one does not. */
  readonly #differing = new Map<string, Told>();
  readonly #told = new Set<string>();

  constructor(db: Database.Database, parts: { readonly faults: FaultList; readonly isPruned: boolean }) {
    this.#db = db;
    this.#parts = parts;
    this.#one = columnsOf(db, 'forward').has('supplied')
      ? db.prepare('SELECT supplied FROM forward WHERE ratingId = ?').pluck()
      : null;
  }

  /** A `reason.supplied`. */
  push({ body }: LooseEntry, place: string): void {
    const ratingId = textOf(body, 'ratingId');
    const supplied = this.#one?.get(ratingId) as string | null | undefined;
    // Where the rating is not in the queue at all, that is told elsewhere.
    if (supplied === undefined) return;
    if (supplied !== null && textOfSupplied(supplied) === canonical(body)) {
      this.#differing.delete(ratingId);
      this.#told.add(ratingId);
    } else this.#differing.set(ratingId, { place, text: body['text'], codes: body['codes'] });
  }

  end(): void {
    const { faults, isPruned } = this.#parts;
    if (this.#one === null) return;
    for (const [ratingId, told] of this.#differing)
      if (!this.#waitsAgain(ratingId, told))
        faults.add(`what was supplied for rating ${ratingId} is not as its entry ${told.place} says`);
    const rows = this.#db.prepare('SELECT ratingId, supplied FROM forward WHERE supplied IS NOT NULL');
    for (const { ratingId, supplied } of rows.iterate() as IterableIterator<{ ratingId: string; supplied: string }>) {
      if (this.#told.has(ratingId) || this.#differing.has(ratingId)) continue;
      const said = read(supplied);
      const isBacked = said?.['by'] === 'evaluator' ? this.#isOwnWord(ratingId, said) : isPruned && said !== null;
      if (!isBacked) faults.add(`what was supplied for rating ${ratingId} is backed by no entry`);
    }
  }

  /** Words of a callback that were erased before the rating left: it is bare again, and waits anew. */
  #waitsAgain(ratingId: string, { text, codes }: Told): boolean {
    if (typeof text !== 'string' || codes !== undefined || this.#one?.get(ratingId) !== null) return false;
    return (
      this.#db.prepare('SELECT 1 FROM freeText WHERE commitment = ? AND text IS NULL').pluck().get(text) !== undefined
    );
  }

  /** The evaluator's words go as the rating committed to them, once they have passed their review, or not at all. */
  #isOwnWord(ratingId: string, { codes, text }: Readonly<Record<string, unknown>>): boolean {
    if (codes !== undefined) return false;
    if (text === undefined) return true;
    const committed = this.#db
      .prepare(
        'SELECT text FROM rating WHERE ratingId = @ratingId UNION ALL SELECT text FROM aside WHERE ratingId = @ratingId',
      )
      .pluck()
      .get({ ratingId });
    const status = this.#db.prepare('SELECT appStatus FROM freeText WHERE commitment = ?').pluck().get(text);
    return text === committed && status === 2;
  }
}

function read(supplied: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(supplied);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function textOfSupplied(supplied: string): string {
  const said = read(supplied);
  return said === null ? '' : canonical(said);
}

/** By its parts, whatever their order. */
function canonical({ by, codes, text }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([by ?? null, codes ?? null, text ?? null]);
}
