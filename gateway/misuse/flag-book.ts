/** What somebody should look at: told by the own log, and standing in a table until it was looked at. */
import { PjqError, type EntryBody } from '../../protocol/index.js';
import { totalOf } from '../core/misuse-rules.js';
import type { Store, Trx } from '../store/store.js';

/** Raises flags that are new, or that speak of twice as many services as when they were raised. @returns how many. */
export function raiseFlags({ db, own }: Store, flags: readonly EntryBody<'flag.raised'>[]): Promise<number> {
  if (flags.length === 0) return Promise.resolve(0);
  return db.transaction().execute(async (trx) => {
    const raised: EntryBody<'flag.raised'>[] = [];
    for (const flag of flags) {
      const known = await trx
        .selectFrom('flag')
        .select('evidence')
        .where('flag', '=', flag.flag)
        .where('subject', '=', flag.subject)
        .executeTakeFirst();
      if (known === undefined || totalOf(flag.evidence) >= 2 * totalOf(known.evidence)) raised.push(flag);
    }
    const appended = await own.appendAll(
      trx,
      'flag.raised',
      raised.map(({ flag, subject, evidence }) => ({ flag, subject, evidence })),
    );
    for (const [at, entry] of appended.entries()) await keepFlag(trx, entry.at, raised[at] as EntryBody<'flag.raised'>);
    return raised.length;
  });
}

/** What a `flag.raised` entry does to its row: the last word of one stands, and is to be looked at again. */
export async function keepFlag(
  trx: Trx,
  at: number,
  { flag, subject, evidence }: EntryBody<'flag.raised'>,
): Promise<void> {
  await trx
    .insertInto('flag')
    .values({ flag, subject, evidence, at, clearedAt: null })
    .onConflict((c) => c.columns(['flag', 'subject']).doUpdateSet({ evidence, at, clearedAt: null }))
    .execute();
}

/**
 * Somebody has looked at an open flag; the own log says who.
 * @returns what it was. @throws PjqError `request-malformed` when no such flag is open.
 */
export function clearFlag({ db, own }: Store, id: number, by: string): Promise<string> {
  return db.transaction().execute(async (trx) => {
    const open = await trx
      .selectFrom('flag')
      .select(['flag', 'subject'])
      .where('id', '=', id)
      .where('clearedAt', 'is', null)
      .executeTakeFirst();
    if (open === undefined)
      throw new PjqError('request-malformed', `no open flag ${id}: \`pjq flags list\` has those that are open`);
    const { at } = await own.append(trx, 'flag.cleared', { ...open, by });
    await keepCleared(trx, at, open);
    return open.flag;
  });
}

/** What a `flag.cleared` entry does to its row. */
export async function keepCleared(
  trx: Trx,
  clearedAt: number,
  { flag, subject }: Pick<EntryBody<'flag.cleared'>, 'flag' | 'subject'>,
): Promise<void> {
  await trx.updateTable('flag').set({ clearedAt }).where('flag', '=', flag).where('subject', '=', subject).execute();
}
