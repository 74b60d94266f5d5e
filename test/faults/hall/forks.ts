/** What the gateway says of a terminal's forks: its alarms, read as its operator reads them. */
import { sql } from 'kysely';
import type { SmallHall } from './small-hall.js';

/** How many alarms stand that a terminal's log has forked. */
export async function forksNamed(hall: SmallHall, terminal: string): Promise<number> {
  const { total } = await hall.store.db
    .selectFrom('alarm')
    .select(sql<number>`count(*)`.as('total'))
    .where('code', '=', 'log-fork')
    .where('subject', '=', `demo/${terminal}`)
    .executeTakeFirstOrThrow();
  return total;
}
