/** What acts of rating make of a service: the one that counts, and those beside it. Pure. */
import type { Act } from './act.js';
import type { NewAct } from './change.js';
import { judgeAct, type AsideCode, type GoneCode, type Limits } from './judge-act.js';
import { displaced, firstPlace, freed, type Place } from './place.js';

export interface RatedService {
  /** The act that counts, and its place in the queue for the centre. */
  readonly standing: { readonly act: Act; readonly place: Place } | null;
  /** The terminal's own log told the end of the session: no earlier press can come. */
  readonly isCovered: boolean;
}

/** What an act did. */
export type Rated =
  | { readonly kind: 'counts'; readonly place: Place }
  | { readonly kind: 'aside'; readonly code: AsideCode }
  | {
      readonly kind: 'displaces';
      readonly place: Place;
      /** The act that counted until now, what becomes of its place, and why it counts no longer. */
      readonly displaced: { readonly act: Act; readonly place: Place; readonly code: GoneCode };
    };

export interface Moment {
  readonly nowMs: number;
  /** Until then an act by another way than the terminal is held where the terminal's log does not cover it. */
  readonly heldUntilMs: number;
}

/** A new act of a service. One that changes the act that counts takes its place; all others are judged by the order. */
export function rated({ standing, isCovered }: RatedService, act: NewAct, limits: Limits, moment: Moment): Rated {
  const isChange = standing !== null && act.replaces === standing.act.ratingId;
  const verdict = isChange ? { kind: 'displaces' as const } : judgeAct(act, standing?.act ?? null, limits);
  if (verdict.kind === 'aside') return verdict;
  const place = firstPlace(act, { ...moment, isCovered });
  if (standing === null) return { kind: 'counts', place };
  const before = displaced(standing.act.ratingId, standing.place);
  return {
    kind: 'displaces',
    place: { ...place, corrects: before.corrects },
    displaced: { act: standing.act, place: before.place, code: isChange ? 'rating-replaced' : 'rating-displaced' },
  };
}

/** The service after what an act did. */
export function afterAct(service: RatedService, act: Act, did: Rated): RatedService {
  return did.kind === 'aside' ? service : { ...service, standing: { act, place: did.place } };
}

/** The service once the terminal's log covers it. */
export function covered({ standing }: RatedService, nowMs: number): RatedService {
  return { isCovered: true, standing: standing && { ...standing, place: freed(standing.act, standing.place, nowMs) } };
}
