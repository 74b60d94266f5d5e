/**
 * Free texts, beside the log: each is committed to by the entry that it came with, and what became of it since (passed
 * its review, erased) is told by an entry. A text that is there must be the one that was committed to.
 */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { tablesOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import { textOf, textOrNull, type LooseEntry } from './loose-entry.js';

interface Row {
  readonly ratingId: string;
  readonly salt: Uint8Array | null;
  readonly text: string | null;
  readonly appStatus: number;
}

/** What a row has as done, until an entry tells of it. */
interface Untold {
  reviewed: boolean;
  erased: boolean;
}

/** `appStatus` of the national list. */
const [REVIEWED, NOT_REVIEWED] = [2, 3];

export class Words {
  readonly #db: Database.Database;
  readonly #parts: { readonly faults: FaultList; readonly isPruned: boolean };
  /** `null` in a database of before texts were kept. */
  readonly #statements: { readonly one: Database.Statement; readonly ofService: Database.Statement } | null;
  readonly #untold = new Map<string, Untold>();
  /** Texts that entries commit to, and whose row is not there. */
  readonly #lost: string[] = [];
  #claimed = 0;

  constructor(db: Database.Database, parts: { readonly faults: FaultList; readonly isPruned: boolean }) {
    this.#db = db;
    this.#parts = parts;
    this.#statements = tablesOf(db).has('freeText')
      ? {
          one: db.prepare('SELECT ratingId, salt, text, appStatus FROM freeText WHERE commitment = ?'),
          ofService: db
            .prepare(
              `SELECT commitment FROM freeText WHERE ratingId IN
                 (SELECT ratingId FROM rating WHERE serviceId = @serviceId
                  UNION ALL SELECT ratingId FROM aside WHERE serviceId = @serviceId)`,
            )
            .pluck(),
        }
      : null;
  }

  /** An own entry that commits to a text, or tells what became of one. */
  push({ kind, body }: LooseEntry): void {
    if (kind === 'rating.made') this.#kept(textOrNull(body, 'text'), textOf(body, 'id'), { needsReview: true });
    // Whoever wrote down what was said on the telephone has read it.
    else if (kind === 'reason.supplied')
      this.#kept(textOrNull(body, 'text'), textOf(body, 'ratingId'), { needsReview: false });
    else if (kind === 'text.settled') this.#settled(textOf(body, 'commitment'), textOf(body, 'outcome'));
    // Before texts had entries of their own, this one told of them as well.
    else if (kind === 'evaluator.erased' && body['cause'] === 'asked') this.#askedFor(textOf(body, 'serviceId'));
  }

  /** @param isRestored a repair carries texts over as far as they can be read. */
  end(isRestored: boolean): void {
    const { faults, isPruned } = this.#parts;
    if (this.#statements === null) return;
    if (!isRestored) for (const commitment of this.#lost) faults.add(`the words ${commitment} have no row`);
    if (isPruned) return;
    for (const [commitment, { reviewed, erased }] of this.#untold)
      if (reviewed || erased)
        faults.add(`the words ${commitment} are marked as ${erased ? 'erased' : 'reviewed'}, of which no entry tells`);
    const total = this.#db.prepare('SELECT count(*) FROM freeText').pluck().get() as number;
    if (total > this.#claimed) faults.add(`${total - this.#claimed} texts are backed by no entry`);
  }

  #kept(commitment: string | null, ratingId: string, { needsReview }: { needsReview: boolean }): void {
    if (commitment === null || this.#statements === null) return;
    const row = this.#statements.one.get(commitment) as Row | undefined;
    if (row === undefined) {
      this.#lost.push(commitment);
      return;
    }
    this.#claimed += 1;
    const { faults } = this.#parts;
    if (row.ratingId !== ratingId) faults.add(`the words ${commitment} are said to be of another rating`);
    if (!isCommittedTo(commitment, row)) faults.add(`the words ${commitment} are not those that were committed to`);
    const isReviewed = row.appStatus === REVIEWED;
    if (!isReviewed && !(needsReview && row.appStatus === NOT_REVIEWED))
      faults.add(`the words ${commitment} have a review that there is not`);
    const untold = { reviewed: needsReview && isReviewed, erased: row.text === null };
    if (untold.reviewed || untold.erased) this.#untold.set(commitment, untold);
  }

  #settled(commitment: string, outcome: string): void {
    const row = this.#statements?.one.get(commitment) as Row | undefined;
    if (row === undefined) return;
    const { faults } = this.#parts;
    if (outcome === 'erased' && row.text !== null)
      faults.add(`the words ${commitment} are there, though they were erased`);
    if (outcome === 'reviewed' && row.appStatus !== REVIEWED)
      faults.add(`the words ${commitment} passed their review, and their row does not say so`);
    const untold = this.#untold.get(commitment);
    if (untold === undefined) return;
    untold[outcome === 'erased' ? 'erased' : 'reviewed'] = false;
    if (!untold.reviewed && !untold.erased) this.#untold.delete(commitment);
  }

  #askedFor(serviceId: string): void {
    for (const commitment of (this.#statements?.ofService.all({ serviceId }) ?? []) as string[]) {
      const untold = this.#untold.get(commitment);
      if (untold !== undefined) untold.erased = false;
    }
  }
}

/** Erased words prove nothing, and neither does half of them. */
function isCommittedTo(commitment: string, { salt, text }: Row): boolean {
  if (salt === null || text === null) return salt === null && text === null;
  return createHash('sha256').update(salt).update(text, 'utf8').digest('base64url') === commitment;
}
