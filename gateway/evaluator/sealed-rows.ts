/**
 * Where sealed evaluators stand. What erases them for good is that their wrapped data key is overwritten where it
 * stands: SQLite moves a row that grows or shrinks, or whose neighbour does, and leaves copies in the gaps of its pages,
 * `secure_delete` or not (`rebuildPage`). So data keys have a table of their own, whose rows are all of one size, are
 * never deleted, and are only ever appended: no row of it is ever moved.
 */
import type { Db, Trx } from '../store/store.js';
import type { SealedRow } from './sealed-evaluator.js';

export interface KeptRow extends SealedRow {
  readonly erasedAt: number | null;
}

/** Of every row of `dataKey`: a byte that says how long the wrapped key is, the key, and zeros. */
const SLOT_BYTES = 128;

export function readSealed(db: Db | Trx, serviceId: string): Promise<KeptRow | undefined> {
  return sealedRows(db, (query) => query.where('serviceId', '=', serviceId)).then(([row]) => row);
}

/** Rows that are not erased, by serviceId, from the one after `after`. */
export function nextSealed(db: Db | Trx, after: string, limit: number, exceptKeyId?: string): Promise<KeptRow[]> {
  return sealedRows(db, (query) =>
    query
      .where('serviceId', '>', after)
      .where('erasedAt', 'is', null)
      .$if(exceptKeyId !== undefined, (some) => some.where('wrapKeyId', '<>', exceptKeyId ?? ''))
      .orderBy('serviceId')
      .limit(limit),
  );
}

function allRows(db: Db | Trx) {
  return db
    .selectFrom('evaluator')
    .leftJoin('dataKey', 'dataKey.id', 'evaluator.dataKeyId')
    .select(['serviceId', 'suite', 'wrapKeyId', 'sealed', 'dataKeyId', 'wrapped', 'erasedAt']);
}

type Rows = ReturnType<typeof allRows>;

async function sealedRows(db: Db | Trx, which: (rows: Rows) => Rows): Promise<KeptRow[]> {
  const rows = await which(allRows(db)).execute();
  return rows.map(({ serviceId, suite, wrapKeyId, sealed, dataKeyId, wrapped, erasedAt }) => ({
    serviceId,
    suite,
    wrapKeyId,
    sealed,
    erasedAt,
    wrappedKey: dataKeyId === null ? null : unpacked(wrapped),
  }));
}

/** What is beside the sealed part. */
interface Beside {
  readonly contactBasis: string | null;
  readonly sealedAt: number;
}

export async function insertSealed(trx: Trx, { wrappedKey, ...row }: SealedRow, beside: Beside): Promise<void> {
  const dataKeyId = await appendDataKey(trx, wrappedKey);
  await trx
    .insertInto('evaluator')
    .values({ ...row, ...beside, dataKeyId, erasedAt: null })
    .execute();
}

/** In the place of what is kept of that service; its data key is overwritten. */
export async function replaceSealed(
  trx: Trx,
  { wrappedKey, serviceId, suite, wrapKeyId, sealed }: SealedRow,
  beside: Partial<Pick<Beside, 'contactBasis'>> = {},
): Promise<void> {
  const known = await trx
    .selectFrom('evaluator')
    .innerJoin('dataKey', 'dataKey.id', 'dataKeyId')
    .select('dataKey.id')
    .where('serviceId', '=', serviceId)
    .executeTakeFirst();
  // A repair may have found the one and not the other.
  const dataKeyId = known?.id ?? (await appendDataKey(trx, wrappedKey));
  if (known !== undefined)
    await trx
      .updateTable('dataKey')
      .set({ wrapped: packed(wrappedKey) })
      .where('id', '=', known.id)
      .execute();
  await trx
    .updateTable('evaluator')
    .set({ suite, wrapKeyId, sealed, dataKeyId, ...beside })
    .where('serviceId', '=', serviceId)
    .execute();
}

async function appendDataKey(trx: Trx, wrappedKey: Uint8Array | null): Promise<number> {
  const { id } = await trx
    .insertInto('dataKey')
    .values({ wrapped: packed(wrappedKey) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Overwrites the data keys of these services, and lets go of what was sealed with them. @returns which were not erased yet. */
export async function wipeSealed(trx: Trx, serviceIds: readonly string[], nowMs: number): Promise<string[]> {
  const kept = trx
    .selectFrom('evaluator')
    .select('dataKeyId')
    .where('serviceId', 'in', serviceIds)
    .where('erasedAt', 'is', null);
  await trx
    .updateTable('dataKey')
    .set({ wrapped: packed(null) })
    .where('id', 'in', kept)
    .execute();
  const rows = await trx
    .updateTable('evaluator')
    .set({ dataKeyId: null, sealed: null, contactBasis: null, erasedAt: nowMs })
    .where('serviceId', 'in', serviceIds)
    .where('erasedAt', 'is', null)
    .returning('serviceId')
    .execute();
  return rows.map(({ serviceId }) => serviceId);
}

function packed(wrappedKey: Uint8Array | null): Buffer {
  const slot = Buffer.alloc(SLOT_BYTES);
  if (wrappedKey === null) return slot;
  if (wrappedKey.length >= SLOT_BYTES) throw new RangeError(`a wrapped key of ${wrappedKey.length} bytes`);
  slot[0] = wrappedKey.length;
  slot.set(wrappedKey, 1);
  return slot;
}

/** Nothing, which no suite opens, where the slot is wiped or not there although its service was not erased. */
function unpacked(slot: Uint8Array | null): Uint8Array {
  return slot === null ? new Uint8Array() : slot.subarray(1, 1 + (slot[0] ?? 0));
}
