/** The evaluators' safe of a hall, as its configuration names it. */
import { PjqError, type Clock } from '../../protocol/index.js';
import type { GatewayConfiguration } from '../configuration.js';
import type { Store } from '../store/store.js';
import { EvaluatorSafe } from './evaluator-safe.js';
import { newRing, refuseBesideData, ringExists, ringFault, writeRing } from './key-ring-file.js';
import { KeyRing } from './key-ring.js';

export type EvaluatorSettings = NonNullable<GatewayConfiguration['evaluator']>;

/**
 * Opens the ring of keys, making it at first use. Where data is sealed already a missing ring is not made anew: the
 * data would stay shut, and nobody would know.
 * @throws PjqError `config-invalid`, `evaluator-key-missing`.
 */
export async function openRing(
  { keyFile, suite }: EvaluatorSettings,
  dataDir: string,
  store: Store,
  clock: Clock,
): Promise<KeyRing> {
  refuseBesideData(keyFile, dataDir);
  if (!ringExists(keyFile)) {
    const sealed = await store.db
      .selectFrom('evaluator')
      .select('serviceId')
      .where('erasedAt', 'is', null)
      .limit(1)
      .executeTakeFirst();
    if (sealed !== undefined) throw new PjqError('evaluator-key-missing', keyFile);
    writeRing(keyFile, newRing(suite, clock.wallMs()));
  }
  return new KeyRing(keyFile);
}

/**
 * The safe, for the gateway; `undefined` where the configuration names no ring.
 * @throws PjqError `config-invalid`, `evaluator-key-missing`.
 */
export async function openSafe(
  { evaluator, dataDir }: Pick<GatewayConfiguration, 'evaluator' | 'dataDir'>,
  store: Store,
  clock: Clock,
): Promise<EvaluatorSafe | undefined> {
  if (evaluator === undefined) return undefined;
  const ring = await openRing(evaluator, dataDir, store, clock);
  const { suite } = ring.active();
  if (suite !== evaluator.suite)
    throw ringFault(`its active key is for ${suite}; run \`pjq privacy rotate\` (got ${evaluator.suite})`);
  return new EvaluatorSafe({ store, ring, clock });
}
