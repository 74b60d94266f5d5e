/** Whether an act of rating counts. Pure. */
import { compareActs, type Act } from './act.js';

/** Why an act is kept aside. */
export type AsideCode =
  'service-already-rated' | 'rating-replaced' | 'rating-displaced' | 'rating-window-over' | 'service-ungranted';

/** Of those, the codes of an act that counted until another came. */
export type GoneCode = Extract<AsideCode, 'rating-replaced' | 'rating-displaced'>;

/** What a service opens, and until when. */
export interface Limits {
  /** A failed intake opens no rating (S §18). */
  readonly opensNothing: boolean;
  /** Whoever rates from this moment on is too late (S §17); null where no days are known. */
  readonly daysEndMs: number | null;
}

/** Where nothing is known of the policy: every act may count. */
export const NO_LIMITS: Limits = { opensNothing: false, daysEndMs: null };

/** `displaces`: the act that counted so far is the later one. */
export type Verdict =
  { readonly kind: 'counts' | 'displaces' } | { readonly kind: 'aside'; readonly code: Exclude<AsideCode, GoneCode> };

/** Judges a new act of a service against the one that counts so far. */
export function judgeAct(act: Act, standing: Act | null, { opensNothing, daysEndMs }: Limits): Verdict {
  if (opensNothing) return { kind: 'aside', code: 'service-ungranted' };
  // When the clocks cannot tell that it was too late, it was in time.
  if (daysEndMs !== null && act.lowMs !== null && act.lowMs >= daysEndMs)
    return { kind: 'aside', code: 'rating-window-over' };
  if (standing === null) return { kind: 'counts' };
  return compareActs(act, standing) < 0 ? { kind: 'displaces' } : { kind: 'aside', code: 'service-already-rated' };
}
