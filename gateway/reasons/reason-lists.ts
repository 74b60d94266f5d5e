/**
 * The lists of reasons that the hall has had. What is in force is the last that was adopted, and the national list before
 * any was; each stands in the own log, and old ones stay, so that what a press named can be read for ever.
 */
import {
  areReasonsOf,
  isTrueList,
  NATIONAL_LIST,
  PjqError,
  type Reason,
  type ReasonList,
  type Suite,
} from '../../protocol/index.js';
import type { Db, Store, Trx } from '../store/store.js';

export interface AdoptedList extends ReasonList {
  /** When it was adopted, ms since 1970. */
  readonly at: number;
}

/** What terminals and pages show from now on. */
export async function listInForce(db: Db | Trx): Promise<ReasonList> {
  const row = await db.selectFrom('reasonList').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? NATIONAL_LIST : { id: row.list, reasons: JSON.parse(row.reasons) as Reason[] };
}

/** All that were adopted, the first one first. */
export async function adoptedLists(db: Db): Promise<AdoptedList[]> {
  const rows = await db.selectFrom('reasonList').selectAll().orderBy('id').execute();
  return rows.map(({ list, reasons, at }) => ({ id: list, reasons: JSON.parse(reasons) as Reason[], at }));
}

/**
 * Whether codes are reasons of a level in the list in force, or all of them in one that was: somebody may have had the
 * page open since before. One list has to have them all.
 */
export async function areReasonsOfHall(db: Db | Trx, level: number, codes: readonly string[]): Promise<boolean> {
  if (areReasonsOf(level, codes)) return true;
  const rows = await db.selectFrom('reasonList').select('reasons').orderBy('id', 'desc').execute();
  return rows.some(({ reasons }) => areReasonsOf(level, codes, JSON.parse(reasons) as Reason[]));
}

/** The row that goes with an adoption's entry. */
export async function keepList(trx: Trx, { id, reasons }: ReasonList, at: number): Promise<void> {
  await trx
    .insertInto('reasonList')
    .values({ list: id, reasons: JSON.stringify(reasons), at })
    .execute();
}

/**
 * From here on the hall shows this list: its entry in the own log and its row, in one transaction.
 * @returns whether it was another one before.
 * @throws PjqError `reason-list-invalid` where it is not the one that its name tells of.
 */
export async function adoptList(
  { store, suite }: { readonly store: Store; readonly suite: Suite },
  list: ReasonList,
): Promise<boolean> {
  if (!isTrueList(suite, list)) throw new PjqError('reason-list-invalid', list.id);
  return store.db.transaction().execute(async (trx) => {
    if ((await listInForce(trx)).id === list.id) return false;
    const reasons = list.reasons.map(({ code, zh, en }) => ({ code, zh, en }));
    const { at } = await store.own.append(trx, 'reason-list.adopted', { list: list.id, reasons });
    await keepList(trx, { id: list.id, reasons }, at);
    return true;
  });
}
