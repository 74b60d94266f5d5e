/** Erasing: the sealed data and its wrapped key go, and the log says so; its chain stays whole, for it never held any. */
import { eraseTexts } from '../services/free-text.js';
import type { Store, Trx } from '../store/store.js';
import { wipeSealed } from './sealed-rows.js';
import { leaveTraces } from './traces.js';

export type EraseCause = 'settled' | 'asked';

/**
 * Erases within the caller's transaction what is there of these services.
 * @returns the services of which something was erased.
 */
export async function eraseServices(
  trx: Trx,
  store: Pick<Store, 'own'>,
  serviceIds: readonly string[],
  cause: EraseCause,
  nowMs: number,
): Promise<string[]> {
  if (serviceIds.length === 0) return [];
  const wiped = await wipeSealed(trx, serviceIds, nowMs);
  const written = cause === 'asked' ? await eraseWritten(trx, store, serviceIds) : [];
  const erased = [...new Set([...wiped, ...written])];
  if (erased.length === 0) return [];
  await store.own.appendAll(
    trx,
    'evaluator.erased',
    erased.map((serviceId) => ({ serviceId, cause })),
  );
  await leaveTraces(trx);
  return erased;
}

/** What the person wrote goes as well when they ask; the entry keeps a commitment that tells nothing without its salt. */
async function eraseWritten(trx: Trx, store: Pick<Store, 'own'>, serviceIds: readonly string[]): Promise<string[]> {
  const acts = [
    ...(await trx
      .selectFrom('rating')
      .select(['ratingId', 'serviceId'])
      .where('serviceId', 'in', serviceIds)
      .execute()),
    ...(await trx.selectFrom('aside').select(['ratingId', 'serviceId']).where('serviceId', 'in', serviceIds).execute()),
  ];
  const written = await eraseTexts(
    trx,
    store,
    acts.map(({ ratingId }) => ratingId),
  );
  return acts.filter(({ ratingId }) => written.has(ratingId)).map(({ serviceId }) => serviceId);
}
