/** An act that takes the place of an earlier one of the same person: a rating that was changed. Pure. */
import type { Act } from './act.js';

/** An act as it comes in. */
export interface NewAct extends Act {
  /** The act in whose place it is; null where it is one of its own. */
  readonly replaces: string | null;
}

/**
 * Gives an act the place of the one that it says it changes: its times, and its rank among acts of the same time. Where
 * that one may not be changed (any more, or by this act) it is an act of its own, and comes second like any other.
 * @param named the act of the same service that it names; undefined where there is none of that id.
 * @param atMs when the new act was made.
 */
export function inPlaceOf(act: Act, named: Act | undefined, atMs: number): NewAct {
  const before = named !== undefined && mayChange(named, act, atMs) ? named : undefined;
  const { lowMs, latestMs, orderedAs } = before ?? act;
  const { ratingId, channel, verified, changeableUntilMs } = act;
  // Each by its name: built on a spread it is seen in the profile of a backlog.
  return {
    ratingId,
    channel,
    verified,
    lowMs,
    latestMs,
    orderedAs,
    changeableUntilMs,
    replaces: before?.ratingId ?? null,
  };
}

/** Whoever changes is as well known as whoever rated; a press at the terminal is changed there. */
function mayChange(named: Act, act: Act, atMs: number): boolean {
  const { changeableUntilMs } = named;
  return changeableUntilMs !== null && atMs <= changeableUntilMs && named.verified === act.verified;
}

/**
 * Until when an act may be changed that came to the gateway itself; null where the policy lets nobody change.
 * @param atMs when it was made, the latest of a chain of changes.
 */
export function changeableUntilMs(atMs: number, changeSeconds: number): number | null {
  return changeSeconds === 0 ? null : atMs + changeSeconds * 1_000;
}
