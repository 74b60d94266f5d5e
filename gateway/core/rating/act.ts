/** Acts of rating, and which of two comes first. Pure. */
import type { RatingChannel } from '../../../protocol/index.js';

/** Somebody rated a service, by whatever way. Times by the gateway's clock, ms since 1970. */
export interface Act {
  readonly ratingId: string;
  readonly channel: RatingChannel;
  /** Whether it is known that it was the one who was served. */
  readonly verified: boolean;
  /** Before this moment it was surely not made; null where nobody knows. */
  readonly lowMs: number | null;
  /** After this moment it was surely not made. */
  readonly latestMs: number;
  /** The act whose place in the order it has: itself, or the first of those that it was changed from. */
  readonly orderedAs: string;
  /** Until then whoever made it may change it, and nothing of it leaves; null where it was final when it came. */
  readonly changeableUntilMs: number | null;
}

/**
 * The order of acts of one service: the first counts (R3: one service, one rating). Acts that are surely one after the
 * other are in that order. Where nobody can tell which was earlier, the later parts of the rule decide, always alike and
 * whichever is heard of first: the verified act, the one that ended earlier, the terminal's own, the smaller id.
 * @returns below 0 where `a` comes first; 0 only where both have one and the same place.
 */
export function compareActs(a: Act, b: Act): number {
  if (a.verified !== b.verified) return a.verified ? -1 : 1;
  if (a.latestMs !== b.latestMs) return a.latestMs - b.latestMs;
  if ((a.channel === 'window') !== (b.channel === 'window')) return a.channel === 'window' ? -1 : 1;
  if (a.orderedAs === b.orderedAs) return 0;
  return a.orderedAs < b.orderedAs ? -1 : 1;
}
