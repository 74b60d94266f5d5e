/** Rotation of the wrapping keys, beside a gateway at work: it reads the ring again when it was replaced. */
import { isPjqError, PjqError } from '../../protocol/index.js';
import type { Store } from '../store/store.js';
import { readRing, withNewKey, withoutKey, writeRing } from './key-ring-file.js';
import { KeyRing } from './key-ring.js';
import type { SuiteName } from './seal-suite.js';
import { rewrapEvaluator } from './sealed-evaluator.js';
import { nextSealed, replaceSealed } from './sealed-rows.js';
import { leaveTraces } from './traces.js';

export interface Rewrapped {
  readonly rewrapped: number;
  /** Services whose data does not open: their key is not in the ring, or they were altered. They are left as they are. */
  readonly unopened: readonly string[];
}

const STEP_ROWS = 50;
const REST_MS = 10;

/** Gives the ring a new active key. What is wrapped with the others stays so until it is wrapped anew. @returns its id. */
export function addKey(file: string, suite: SuiteName, nowMs: number): string {
  const ring = withNewKey(readRing(file), suite, nowMs);
  writeRing(file, ring);
  return ring.active;
}

/** Wraps every data key with the active key, in small transactions, each of which takes its row as it stands. */
export async function rewrapAll(store: Store, file: string): Promise<Rewrapped> {
  const ring = new KeyRing(file);
  const unopened: string[] = [];
  let rewrapped = 0;
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    const step = await store.db.transaction().execute(async (trx) => {
      const active = ring.active();
      const rows = await nextSealed(trx, from, STEP_ROWS, active.id);
      for (const row of rows) {
        try {
          const anew = rewrapEvaluator(row, ring, active);
          if (anew === null) continue;
          await replaceSealed(trx, anew);
          rewrapped += 1;
        } catch (error) {
          if (!isPjqError(error, 'evaluator-damaged') && !isPjqError(error, 'evaluator-key-missing')) throw error;
          unopened.push(row.serviceId);
        }
      }
      if (rows.length > 0) await leaveTraces(trx);
      return { last: rows.at(-1)?.serviceId ?? null };
    });
    after = step.last;
    if (after !== null) await new Promise((resolve) => setTimeout(resolve, REST_MS));
  }
  return { rewrapped, unopened };
}

/**
 * Takes a key out of the ring. From here what is wrapped with it opens nowhere: in no older backup, no copy of a disk.
 * @throws PjqError `evaluator-key-missing` when there is none of that id, `evaluator-key-in-use` while it is the active
 *   one or a row of this database needs it.
 */
export async function forgetKey(store: Store, file: string, keyId: string): Promise<void> {
  // In a transaction, in which nobody else can seal anything with it.
  await store.db.transaction().execute(async (trx) => {
    const ring = readRing(file);
    if (!ring.keys.some(({ id }) => id === keyId)) throw new PjqError('evaluator-key-missing', `key ${keyId}`);
    if (ring.active === keyId) throw new PjqError('evaluator-key-in-use', 'It is the active key.');
    const used = await trx
      .selectFrom('evaluator')
      .select('serviceId')
      .where('wrapKeyId', '=', keyId)
      .where('erasedAt', 'is', null)
      .executeTakeFirst();
    if (used !== undefined) throw new PjqError('evaluator-key-in-use', 'Data of this database is wrapped with it.');
    writeRing(file, withoutKey(ring, keyId));
  });
}
