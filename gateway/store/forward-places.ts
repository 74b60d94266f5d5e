/** Places in the queue for the centre, in words that its partial index is found by. */
import { sql } from 'kysely';

/** Ratings that the log of a terminal is waited for with. */
export const HELD = sql<boolean>`state in ('held', 'awaiting-reason') and state = 'held'`;

/** Those that wait for a reason. SQLite does not see by itself that one state is one of the index's two. */
export const AWAITING_REASON = sql<boolean>`forward.state in ('held', 'awaiting-reason') and forward.state = 'awaiting-reason'`;
