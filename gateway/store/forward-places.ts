/** Places in the queue for the centre, in words that its partial index is found by. */
import { sql } from 'kysely';

/** Ratings that are not to leave yet: the log of a terminal is waited for with them, or they may still be changed. */
export const HELD = sql<boolean>`state in ('held', 'awaiting-reason') and state = 'held'`;

/** Those that wait for a reason. SQLite does not see by itself that one state is one of the index's two. */
export const AWAITING_REASON = sql<boolean>`forward.state in ('held', 'awaiting-reason') and forward.state = 'awaiting-reason'`;

/** `nextAt` of one that is held until its service is known: no hours and no clock let it go. */
export const UNTIL_KNOWN = Number.MAX_SAFE_INTEGER;
