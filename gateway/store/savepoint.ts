/** A piece of work within a transaction that is whole or not at all: what it wrote is gone when it throws. */
import { CompiledQuery } from 'kysely';
import type { Trx } from './store.js';

export type Attempted<T> =
  | { readonly ok: true; readonly value: T }
  /** It left nothing, and the transaction goes on. */
  | { readonly ok: false; readonly error: unknown };

const BEGIN = CompiledQuery.raw('SAVEPOINT shared');
const END = CompiledQuery.raw('RELEASE SAVEPOINT shared');
const UNDO = CompiledQuery.raw('ROLLBACK TO SAVEPOINT shared');

/** @throws what the work threw, where the database has ended the transaction with it: then nothing of it stands. */
export async function attempt<T>(trx: Trx, work: () => Promise<T>): Promise<Attempted<T>> {
  await trx.executeQuery(BEGIN);
  let attempted: Attempted<T>;
  try {
    attempted = { ok: true, value: await work() };
  } catch (error) {
    await trx.executeQuery(UNDO).catch(() => {
      throw error;
    });
    attempted = { ok: false, error };
  }
  await trx.executeQuery(END);
  return attempted;
}
