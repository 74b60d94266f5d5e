/**
 * The desk for acts of rating that come to the gateway itself: by phone, over the web, on paper. Every act is taken and
 * stays, of a known service or of one of which only a code is known so far; whether it counts is the rules' matter, and
 * may change with what a terminal tells later.
 */
import { PjqError } from '../../protocol/index.js';
import { areReasonsOfHall } from '../reasons/reason-lists.js';
import { Gathered } from '../store/gathered.js';
import type { Attempted } from '../store/savepoint.js';
import type { Store } from '../store/store.js';
import type { RatingAct, TakenAct } from './rating-act.js';
import { takeTogether, type RatingGroupParts } from './rating-group.js';

export type { Rated } from './named-services.js';
export type { ActFacts, RatingAct, TakenAct } from './rating-act.js';

export interface RatingDeskParts extends RatingGroupParts {
  readonly store: Store;
  /** Throws, coded, while nothing may be written. */
  readonly admit?: () => void;
  /** After the commit of acts: the centre's queue may have grown. */
  readonly onRated?: () => void;
}

/**
 * Acts of one commit; they begin 10 ms apart. Terminals wait no longer for them (docs/decisions/0026). What waits is less
 * than a second's work: whoever comes on top is told so at once, and not after his patience is over.
 */
const TOGETHER = { most: 64, restMs: (tookMs: number) => 10 - tookMs, mostWaiting: 256 };

export class RatingDesk {
  readonly #parts: RatingDeskParts;
  readonly #gathered: Gathered<RatingAct, TakenAct>;

  constructor(parts: RatingDeskParts) {
    this.#parts = parts;
    this.#gathered = new Gathered((acts) => this.#take(acts), TOGETHER);
  }

  /**
   * Takes an act: its entry in the own log and all that it means, in one transaction, which acts of the same moment share. The
   * same act again has no effect.
   * @throws PjqError `service-unknown`, `reason-unknown`, `idempotency-key-reused` (the id stands for another act),
   *   `gateway-busy`, `change-too-late`, `request-malformed` (it changes what is not its own), `meaning-malformed`; the faults of
   *   `keepText`.
   */
  async rate(act: RatingAct): Promise<TakenAct> {
    const { store, admit } = this.#parts;
    if (!(await areReasonsOfHall(store.db, act.level, act.reasons ?? []))) throw new PjqError('reason-unknown');
    admit?.();
    return this.#gathered.add(act);
  }

  async #take(acts: readonly RatingAct[]): Promise<readonly Attempted<TakenAct>[]> {
    const { store, onRated } = this.#parts;
    const outcomes = await store.db.transaction().execute((trx) => takeTogether(trx, this.#parts, acts));
    if (outcomes.some((one) => one.ok && one.value.isNew)) onRated?.();
    return outcomes.map((one) => (one.ok ? { ok: true, value: one.value.taken } : one));
  }
}
