/** What a terminal's log says of the terminal itself: its parts that fail, and the check before duty. */
import type { EntryBody } from '../../protocol/index.js';
import type { Trx } from '../store/store.js';

/** The state of a part since its last change; the same state again changes nothing. */
export async function projectFault(trx: Trx, terminal: string, atMs: number, body: EntryBody<'fault'>): Promise<void> {
  const { part, state, code = null } = body;
  const known = await trx
    .selectFrom('part')
    .select(['state', 'code'])
    .where('terminal', '=', terminal)
    .where('part', '=', part)
    .executeTakeFirst();
  if (known?.state === state && known.code === code) return;
  await trx
    .insertInto('part')
    .values({ terminal, part, state, code, since: atMs })
    .onConflict((c) => c.columns(['terminal', 'part']).doUpdateSet({ state, code, since: atMs }))
    .execute();
}

/** One row a check, however often its entry comes. */
export async function projectSelfCheck(
  trx: Trx,
  terminal: string,
  atMs: number,
  body: EntryBody<'selfcheck'>,
): Promise<void> {
  const { id, staffNo = null, result, reason = null, startedAt, items } = body;
  await trx
    .insertInto('selfCheck')
    .values({ checkId: id, terminal, staffNo, result, reason, startedAt, endedAt: atMs, items: JSON.stringify(items) })
    .onConflict((c) => c.column('checkId').doNothing())
    .execute();
}
