/** An act of rating that comes to the gateway itself, and what became of it. */
import type { Level, Mark, RatingChannel } from '../../protocol/index.js';
import type { AsideCode } from '../core/rating/judge-act.js';
import type { Rated } from './named-services.js';

export type RatingAct = ActFacts & Rated;

export interface ActFacts {
  /** Made by whoever rates; the act sent again under it is the same act. */
  readonly id: string;
  readonly channel: Exclude<RatingChannel, 'window'>;
  readonly level: Level;
  /** Whether it is known that it is the one who was served (a token, a second factor). */
  readonly verified: boolean;
  /** Codes of the level's reasons. */
  readonly reasons?: readonly string[];
  readonly text?: string;
  /** Levels of single things. */
  readonly marks?: readonly Mark[];
  /**
   * The act of the same person that this one changes. Within the policy's seconds of it, it takes its place in the order
   * of acts; where nothing is known of it (it never arrived), this is an act of its own.
   */
  readonly replaces?: string;
}

/** What became of an act, as it is now: the one that counts may be another one tomorrow. */
export type TakenAct =
  | {
      readonly ratingId: string;
      /** Under which it stands: the service, or the name of its code (`core/provisional-id.ts`). */
      readonly serviceId: string;
      readonly counts: true;
      /** Until when it may be changed, ms since 1970; null where the policy lets nobody change. */
      readonly changeableUntilMs: number | null;
    }
  | { readonly ratingId: string; readonly serviceId: string; readonly counts: false; readonly code: AsideCode };
