/**
 * Negative ratings that wait for a reason, because the centre takes none without: what a callback brings is supplied
 * here, and after the policy's wait the profile's neutral words, marked as the system's. A reason is never invented.
 */
import { PjqError, type Clock, type EntryBody, type Policy } from '../../protocol/index.js';
import { areReasonsOfHall } from '../reasons/reason-lists.js';
import type { Supplied } from '../core/supplied.js';
import { AWAITING_REASON } from '../store/forward-places.js';
import type { Store, Trx } from '../store/store.js';
import { keepText } from './free-text.js';

export interface ReasonDeskParts {
  readonly store: Store;
  readonly clock: Clock;
}

/** A rating that waits. Its level is not said; that it is a negative one is in the nature of the list. */
export interface AwaitingReason {
  readonly ratingId: string;
  readonly serviceId: string;
  readonly window: string | null;
  /** ms since 1970. */
  readonly since: number;
}

/** What a callback brought: reasons of the rating's level, or the evaluator's words, or both. */
export interface SuppliedReason {
  readonly codes?: readonly string[];
  readonly text?: string;
}

const HOUR_MS = 3_600_000;
/** How many one round supplies. */
const ROUND = 100;

export class ReasonDesk {
  readonly #parts: ReasonDeskParts;

  constructor(parts: ReasonDeskParts) {
    this.#parts = parts;
  }

  /** Those that wait the longest first. */
  async list(): Promise<AwaitingReason[]> {
    return this.#parts.store.db
      .selectFrom('forward')
      .innerJoin('rating', 'rating.ratingId', 'forward.ratingId')
      .innerJoin('service', 'service.serviceId', 'rating.serviceId')
      .select(['forward.ratingId', 'service.serviceId', 'window', 'nextAt as since'])
      .where(AWAITING_REASON)
      .orderBy('nextAt')
      .orderBy('forward.ratingId')
      .execute();
  }

  /**
   * Supplies what a callback brought; the rating is then on its way.
   * @throws PjqError `reason-not-awaited`, `reason-unknown`, `text-refused`, `request-malformed` where nothing was brought.
   */
  async supply(ratingId: string, { codes = [], text }: SuppliedReason): Promise<void> {
    const { store, clock } = this.#parts;
    if (codes.length === 0 && text === undefined) throw new PjqError('request-malformed', 'Neither codes nor text.');
    await store.db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('forward')
        .innerJoin('rating', 'rating.ratingId', 'forward.ratingId')
        .innerJoin('service', 'service.ratingId', 'rating.ratingId')
        .select('level')
        .where('forward.ratingId', '=', ratingId)
        .where('forward.state', '=', 'awaiting-reason')
        .executeTakeFirst();
      if (row === undefined) throw new PjqError('reason-not-awaited');
      if (!(await areReasonsOfHall(trx, row.level, codes))) throw new PjqError('reason-unknown');
      const nowMs = clock.wallMs();
      const commitment =
        text === undefined ? undefined : await keepText(trx, ratingId, text, { nowMs, reviewed: true });
      await this.#tell(trx, nowMs, [
        {
          ratingId,
          by: 'callback',
          ...(codes.length === 0 ? {} : { codes: [...codes] }),
          ...(commitment === undefined ? {} : { text: commitment }),
        },
      ]);
    });
  }

  /**
   * Sends those that have waited as long as the policy lets them with the profile's neutral words, where it says so. One
   * whose evaluator wrote something waits for the review of that instead: the neutral words would be untrue.
   * @returns how many.
   */
  async look({ then, waitHours }: Policy['bareNegative']): Promise<number> {
    const { store, clock } = this.#parts;
    if (then !== 'neutral-text') return 0;
    return store.db.transaction().execute(async (trx) => {
      const nowMs = clock.wallMs();
      // After a clock was set back nobody waits longer than from now on.
      await trx
        .updateTable('forward')
        .set({ nextAt: nowMs })
        .where(AWAITING_REASON)
        .where('nextAt', '>', nowMs)
        .execute();
      const rows = await trx
        .selectFrom('forward')
        .innerJoin('rating', 'rating.ratingId', 'forward.ratingId')
        .select('forward.ratingId')
        .where(AWAITING_REASON)
        .where('rating.text', 'is', null)
        .where('nextAt', '<=', nowMs - waitHours * HOUR_MS)
        .orderBy('nextAt')
        .limit(ROUND)
        .execute();
      await this.#tell(
        trx,
        nowMs,
        rows.map(({ ratingId }) => ({ ratingId, by: 'system' as const })),
      );
      return rows.length;
    });
  }

  /** The word of it in the own log, and what it does. */
  async #tell(trx: Trx, nowMs: number, bodies: readonly EntryBody<'reason.supplied'>[]): Promise<void> {
    await this.#parts.store.own.appendAll(trx, 'reason.supplied', bodies);
    for (const { ratingId, ...supplied } of bodies)
      await trx
        .updateTable('forward')
        .set({
          supplied: JSON.stringify(supplied satisfies Supplied),
          state: 'waiting',
          nextAt: nowMs,
          claimedUntil: 0,
          lastCode: null,
        })
        .where('ratingId', '=', ratingId)
        .where('state', '=', 'awaiting-reason')
        .execute();
  }
}
