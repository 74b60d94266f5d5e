/**
 * The desk for acts of rating that come to the gateway itself: by phone, over the web, on paper. Every act that is of a
 * known service is taken and stays; whether it counts is the rules' matter, and may change with what a terminal tells
 * later.
 */
import {
  areReasonsOf,
  PjqError,
  type Clock,
  type Level,
  type Policy,
  type RatingChannel,
  type Suite,
} from '../../protocol/index.js';
import type { AsideCode } from '../core/rating/judge-act.js';
import { projectEntries } from '../ingest/project-entries.js';
import type { Store, Trx } from '../store/store.js';

export interface RatingDeskParts {
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly policy: Policy;
  /** The policy as entries name it. */
  readonly policyId: string;
  /** Source of the gateway's own log. */
  readonly ownSource: string;
  /** Throws, coded, while nothing may be written. */
  readonly admit?: () => void;
  /** Keeps the words of an act beside the log. @returns the commitment that its entry holds. */
  readonly keepText?: (trx: Trx, ratingId: string, text: string, when: { readonly nowMs: number }) => Promise<string>;
  /** After the commit of an act: the centre's queue may have grown. */
  readonly onRated?: () => void;
}

export interface RatingAct {
  /** Made by whoever rates; the act sent again under it is the same act. */
  readonly id: string;
  readonly serviceId: string;
  readonly channel: Exclude<RatingChannel, 'window'>;
  readonly level: Level;
  /** Whether it is known that it is the one who was served (a token, a second factor). */
  readonly verified: boolean;
  /** Codes of the level's reasons. */
  readonly reasons?: readonly string[];
  readonly text?: string;
}

/** What became of an act, as it is now: the one that counts may be another one tomorrow. */
export type TakenAct =
  | { readonly ratingId: string; readonly counts: true }
  | { readonly ratingId: string; readonly counts: false; readonly code: AsideCode };

export class RatingDesk {
  readonly #parts: RatingDeskParts;

  constructor(parts: RatingDeskParts) {
    this.#parts = parts;
  }

  /**
   * Takes an act: its entry in the own log and all that it means, in one transaction. The same act again has no effect.
   * @throws PjqError `service-unknown`, `reason-unknown`, `idempotency-key-reused` (the id stands for another act),
   *   `meaning-malformed`; the faults of `keepText`.
   */
  async rate(act: RatingAct): Promise<TakenAct> {
    const { store, admit, onRated } = this.#parts;
    if (!areReasonsOf(act.level, act.reasons ?? [])) throw new PjqError('reason-unknown');
    admit?.();
    const { taken, isNew } = await store.db.transaction().execute(async (trx) => {
      const known = await find(trx, act);
      if (known !== null) return { taken: known, isNew: false };
      await this.#take(trx, act);
      const found = await find(trx, act);
      if (found === null) throw new Error(`act ${act.id} left no trace`);
      return { taken: found, isNew: true };
    });
    if (isNew) onRated?.();
    return taken;
  }

  async #take(trx: Trx, { id, serviceId, channel, level, verified, reasons, text }: RatingAct): Promise<void> {
    const { store, suite, clock, policy, policyId, ownSource, keepText } = this.#parts;
    const service = await trx
      .selectFrom('service')
      .select('serviceId')
      .where('serviceId', '=', serviceId)
      .executeTakeFirst();
    if (service === undefined) throw new PjqError('service-unknown', serviceId);
    if (text !== undefined && keepText === undefined) throw new PjqError('request-malformed', 'No text is taken here.');
    const commitment = text === undefined ? undefined : await keepText?.(trx, id, text, { nowMs: clock.wallMs() });
    const appended = await store.own.append(trx, 'rating.made', {
      id,
      serviceId,
      channel,
      level,
      verified,
      ...(reasons === undefined || reasons.length === 0 ? {} : { reasons: [...reasons] }),
      ...(commitment === undefined ? {} : { text: commitment }),
      policy: policyId,
    });
    const [code] = await projectEntries(trx, { suite, nowMs: appended.at, rules: policy }, [
      { ...appended, source: ownSource },
    ]);
    // What means nothing is not written: the entry goes with the transaction.
    if (code !== undefined) throw new PjqError('request-malformed', code);
  }
}

/** What stands of an act. @throws PjqError `idempotency-key-reused`. */
async function find(trx: Trx, { id, serviceId }: RatingAct): Promise<TakenAct | null> {
  const rating = await trx.selectFrom('rating').select('serviceId').where('ratingId', '=', id).executeTakeFirst();
  const aside = await trx
    .selectFrom('aside')
    .select(['serviceId', 'code'])
    .where('ratingId', '=', id)
    .executeTakeFirst();
  const press = await trx.selectFrom('press').select('pressId').where('pressId', '=', id).executeTakeFirst();
  const of = rating ?? aside;
  if (press !== undefined || (of !== undefined && of.serviceId !== serviceId))
    throw new PjqError('idempotency-key-reused');
  if (rating !== undefined) return { ratingId: id, counts: true };
  return aside === undefined ? null : { ratingId: id, counts: false, code: aside.code as AsideCode };
}
