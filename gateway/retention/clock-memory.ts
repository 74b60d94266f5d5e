/** Where those who act by the wall clock remember it from look to look: in `meta`, each under a key of its own. */
import type { Db } from '../store/store.js';
import type { ClockMemory } from './steady-clock.js';

export type ClockKey = 'retentionClock' | 'erasingClock' | 'daysClock' | 'remindersClock';

export async function rememberedClock(db: Db, key: ClockKey): Promise<ClockMemory | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.value) as ClockMemory);
}

export async function rememberClock(db: Db, key: ClockKey, memory: ClockMemory): Promise<void> {
  const value = JSON.stringify(memory);
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute();
}
