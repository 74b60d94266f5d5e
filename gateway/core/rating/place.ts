/** A rating's place in the queue for the centre, as far as the rules of a service move it. Pure. */
import type { Act } from './act.js';

/**
 * `held`: until the log of the terminal tells that no earlier act can come, or the hours for it are over, and as long as
 * it may be changed; `awaiting-reason`: the centre takes no negative without one; `withdrawn`: another act took its
 * place before it left.
 */
export type PlaceState = 'waiting' | 'held' | 'awaiting-reason' | 'withdrawn' | 'delivered' | 'conflict' | 'refused';

export interface Place {
  readonly state: PlaceState;
  /** Of one that waits: when it is tried. Of a held one: when it is held no longer. */
  readonly nextAt: number;
  /** It may have left: a try was begun, whatever came of it. */
  readonly wasTried: boolean;
  /** The rating that the centre may have in this one's place. */
  readonly corrects: string | null;
}

/** The place of an act that counts now. What the terminal told is in its log already; others wait for that log. */
export function firstPlace(
  { channel, changeableUntilMs }: Pick<Act, 'channel' | 'changeableUntilMs'>,
  {
    isCovered,
    nowMs,
    heldUntilMs,
  }: { readonly isCovered: boolean; readonly nowMs: number; readonly heldUntilMs: number },
): Place {
  const untilMs = channel === 'window' ? nowMs : Math.max(isCovered ? nowMs : heldUntilMs, changeableUntilMs ?? nowMs);
  const isHeld = (channel !== 'window' && !isCovered) || untilMs > nowMs;
  return { state: isHeld ? 'held' : 'waiting', nextAt: untilMs, wasTried: false, corrects: null };
}

/** The log of the terminal covers the service: nothing is held any more, but for what may still be changed. */
export function freed({ changeableUntilMs }: Pick<Act, 'changeableUntilMs'>, place: Place, nowMs: number): Place {
  if (place.state !== 'held') return place;
  if (changeableUntilMs !== null && changeableUntilMs > nowMs) return { ...place, nextAt: changeableUntilMs };
  return { ...place, state: 'waiting', nextAt: nowMs };
}

/**
 * What becomes of the place of an act that counts no longer. One that never left is withdrawn; one that may have left
 * goes its way to the end, so that it is known whether the centre has it.
 * @returns its place, and the rating that the centre may now have instead of the one that counts.
 */
export function displaced(ratingId: string, place: Place): { readonly place: Place; readonly corrects: string | null } {
  const hasNotLeft =
    place.state === 'held' || place.state === 'awaiting-reason' || (place.state === 'waiting' && !place.wasTried);
  return hasNotLeft
    ? { place: { ...place, state: 'withdrawn' }, corrects: place.corrects }
    : { place, corrects: ratingId };
}
