/** What acts of rating make of a service: the one that counts, and those beside it. Pure. */
import type { Act } from './act.js';
import { judgeAct, type AsideCode, type Limits } from './judge-act.js';
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
      /** The act that counted until now, and what becomes of its place. */
      readonly displaced: { readonly act: Act; readonly place: Place };
    };

export interface Moment {
  readonly nowMs: number;
  /** So long an act by another way than the terminal is held. */
  readonly holdMs: number;
}

/** A new act of a service. */
export function rated(
  { standing, isCovered }: RatedService,
  act: Act,
  limits: Limits,
  { nowMs, holdMs }: Moment,
): Rated {
  const verdict = judgeAct(act, standing?.act ?? null, limits);
  if (verdict.kind === 'aside') return verdict;
  const place = firstPlace(act, { isCovered, nowMs, holdMs });
  if (standing === null) return { kind: 'counts', place };
  const before = displaced(standing.act.ratingId, standing.place);
  return {
    kind: 'displaces',
    place: { ...place, corrects: before.corrects },
    displaced: { act: standing.act, place: before.place },
  };
}

/** The service after what an act did. */
export function afterAct(service: RatedService, act: Act, did: Rated): RatedService {
  return did.kind === 'aside' ? service : { ...service, standing: { act, place: did.place } };
}

/** The service once the terminal's log covers it. */
export function covered(service: RatedService, nowMs: number): RatedService {
  const { standing } = service;
  return { isCovered: true, standing: standing && { ...standing, place: freed(standing.place, nowMs) } };
}
