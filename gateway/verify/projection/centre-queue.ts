/**
 * The queue for the centre: every rating that counts, or did, has its place in it; one that is kept back has a reason;
 * and what the centre is said to have answered, the gateway's own log tells.
 */
import type Database from 'better-sqlite3';
import type { FaultList } from '../verify-report.js';
import type { ExpectedAct, Fate } from './expected-service.js';
import { readLoosely, textOf } from './loose-entry.js';
import { forwardRows, type ForwardRow } from './table-rows.js';

export interface CentreQueueParts {
  readonly faults: FaultList;
  readonly isPruned: boolean;
  /** Whether an entry that was read has told of an act. */
  readonly isClaimed: (ratingId: string) => boolean;
}

/** Of what should be rare, so many are kept. */
const MAX_RARE = 20_000;
/** 不满意 and 非常不满意: some centres take none without a reason. */
const MOST_NEGATIVE = 2;
/** States of the queue in which a rating is not sent. */
const KEPT_STATES: ReadonlySet<string> = new Set(['held', 'awaiting-reason', 'withdrawn']);

const FORWARD_STATES: Readonly<Record<string, string>> = {
  accepted: 'delivered',
  already: 'delivered',
  conflict: 'conflict',
  refused: 'refused',
};

export class CentreQueue {
  readonly #parts: CentreQueueParts;
  readonly #rows;
  /** Rows that say the centre answered, until the own log says so. */
  readonly #unanswered = new Map<string, ForwardRow>();
  /** Answers of the centre for ratings that no entry has told of so far. */
  readonly #early = new Set<string>();
  #overflown = false;

  constructor(db: Database.Database, parts: CentreQueueParts) {
    this.#parts = parts;
    this.#rows = forwardRows(db);
  }

  /** Whether more was out of order than is kept. */
  get overflown(): boolean {
    return this.#overflown;
  }

  /** The place of an act that counts, or did. */
  claim({ ratingId, level, channel }: ExpectedAct, fate: Fate): void {
    const { faults } = this.#parts;
    const forward = this.#rows.claim(ratingId)?.row;
    if (forward === undefined) return faults.add(`rating ${ratingId} is not in the queue for the centre`);
    const { state } = forward;
    if (state === 'waiting' || this.#early.has(ratingId)) return;
    const isKept =
      (state === 'held' && channel !== 'window' && fate === 'stands') ||
      (state === 'awaiting-reason' && level <= MOST_NEGATIVE) ||
      (state === 'withdrawn' && fate === 'displaced');
    if (isKept) return;
    if (KEPT_STATES.has(state))
      return faults.add(`rating ${ratingId} is kept from the centre as ${state}, for no reason`);
    if (this.#unanswered.size < MAX_RARE) this.#unanswered.set(ratingId, forward);
    else this.#overflown = true;
  }

  /** A `centre.answered` of the gateway's own. */
  answered(bytes: Uint8Array): void {
    const entry = readLoosely(bytes);
    if (entry === null) return;
    const ratingId = textOf(entry.body, 'ratingId');
    const forward = this.#unanswered.get(ratingId);
    if (forward !== undefined) {
      if (FORWARD_STATES[textOf(entry.body, 'outcome')] === forward.state) this.#unanswered.delete(ratingId);
    } else if (!this.#parts.isClaimed(ratingId)) {
      if (this.#early.size < MAX_RARE) this.#early.add(ratingId);
      else this.#overflown = true;
    }
  }

  /** @param isRestored a gateway that was restored may have heard answers for what it has no more. */
  end(isRestored: boolean): void {
    const { faults, isPruned, isClaimed } = this.#parts;
    if (isPruned) return;
    for (const { ratingId } of this.#rows.unclaimed())
      faults.add(`the queue for the centre has rating ${ratingId}, which is backed by no entry`);
    for (const { ratingId, state } of this.#unanswered.values())
      faults.add(`rating ${ratingId} is marked as ${state}, but the gateway's log tells of no such answer`);
    for (const ratingId of this.#early)
      if (!isRestored && !isClaimed(ratingId))
        faults.add(`the centre answered for rating ${ratingId}, which no log tells of`);
  }
}
