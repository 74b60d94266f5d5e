/** Projects again what was set aside: after an update, a mend, or when what it waited for has come. */
import type { Clock, Suite } from '../../protocol/index.js';
import type { Store } from '../store/store.js';
import { projectEntries, type ProjectRules } from './project-entries.js';

export interface QuarantineParts {
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly rules?: ProjectRules | undefined;
}

/** @returns how many were tried and how many now stand. */
export async function retryQuarantine({
  store,
  suite,
  clock,
  rules,
}: QuarantineParts): Promise<{ tried: number; resolved: number }> {
  const waiting = await store.db
    .selectFrom('quarantine')
    .select(['id', 'entryId'])
    .where('resolvedAt', 'is', null)
    .orderBy('entryId')
    .execute();
  let resolved = 0;
  for (const { id, entryId } of waiting) {
    await store.db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('entry')
        .innerJoin('epoch', 'epoch.id', 'entry.epochId')
        .select(['source', 'epoch.epoch', 'seq', 'bytes'])
        .where('entry.id', '=', entryId)
        .executeTakeFirstOrThrow();
      const nowMs = clock.wallMs();
      if ((await projectEntries(trx, { suite, nowMs, rules }, [{ entryId, ...row }])).length > 0) return;
      await trx.updateTable('quarantine').set({ resolvedAt: nowMs }).where('id', '=', id).execute();
      resolved += 1;
    });
  }
  return { tried: waiting.length, resolved };
}
