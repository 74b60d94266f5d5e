/**
 * What is left of erased rows outside their place. In the database they are overwritten, but older images of those pages
 * stand in the write-ahead log until it is cleared. That it is to be cleared is a row, written with the erasing, so that
 * a crash forgets nothing.
 */
import { randomUUID } from 'node:crypto';
import { clearWriteAheadLog } from '../store/write-ahead-log.js';
import type { Store, Trx } from '../store/store.js';

const TRACES = 'evaluatorTraces';

/** Notes, in the erasing's transaction, that the write-ahead log is to be cleared. */
export async function leaveTraces(trx: Trx): Promise<void> {
  // A note of its own each time: clearing takes away the note that it has read, and no later one.
  const value = randomUUID();
  await trx
    .insertInto('meta')
    .values({ key: TRACES, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute();
}

/**
 * Clears the write-ahead log if there is something in it to be cleared.
 * @param folder of the database. @returns whether nothing is left; else somebody reads or writes: try later.
 */
export async function clearTraces({ db }: Pick<Store, 'db'>, folder: string): Promise<boolean> {
  const noted = await db.selectFrom('meta').select('value').where('key', '=', TRACES).executeTakeFirst();
  if (noted === undefined) return true;
  if (!(await clearWriteAheadLog(folder))) return false;
  await db.deleteFrom('meta').where('key', '=', TRACES).where('value', '=', noted.value).execute();
  return true;
}
