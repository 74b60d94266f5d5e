/** The services of a person. Sealed data cannot be searched, so all of it is opened, in strides, and let go of again. */
import { isPjqError } from '../../protocol/index.js';
import { isPerson, type PersonMark } from '../core/evaluator.js';
import type { Store } from '../store/store.js';
import type { KeyRing } from './key-ring.js';
import { openEvaluator } from './sealed-evaluator.js';
import { nextSealed, type KeptRow } from './sealed-rows.js';

export interface FoundServices {
  readonly serviceIds: readonly string[];
  /** Services whose data does not open: whose they are cannot be said. */
  readonly unopened: readonly string[];
}

const STRIDE_ROWS = 200;

export async function findPerson({ db }: Store, ring: KeyRing, mark: PersonMark): Promise<FoundServices> {
  const serviceIds: string[] = [];
  const unopened: string[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const rows: KeptRow[] = await nextSealed(db, after, STRIDE_ROWS);
    for (const row of rows) {
      try {
        const evaluator = openEvaluator(row, ring);
        if (evaluator !== null && isPerson(evaluator, mark)) serviceIds.push(row.serviceId);
      } catch (error) {
        if (!isPjqError(error, 'evaluator-damaged') && !isPjqError(error, 'evaluator-key-missing')) throw error;
        unopened.push(row.serviceId);
      }
    }
    after = rows.at(-1)?.serviceId;
  }
  return { serviceIds, unopened };
}
