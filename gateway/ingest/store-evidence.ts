/**
 * Whether a terminal's word shows that this database is an older copy of itself. A terminal repeats the last
 * promise that it was given, signed by the gateway; a store that promised more than it holds was restored.
 */
import { ackMessage, type StateMessage, type Suite } from '../../protocol/index.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Store, Trx } from '../store/store.js';

export interface EvidenceParts {
  readonly suite: Suite;
  readonly source: string;
  readonly store: Store;
  readonly nowMs: number;
  readonly verifyOwn: (message: Uint8Array, signature: Uint8Array) => boolean;
}

export interface Evidence {
  readonly detail: string;
  /** Highest generation that was seen. */
  readonly generation: number;
}

export async function provesOlderStore(trx: Trx, parts: EvidenceParts, state: StateMessage): Promise<Evidence | null> {
  if (state.state !== 'connected' || state.promise === undefined) return null;
  const { promise, epoch } = state;
  const identity = await parts.store.identity(trx);
  const same = promise.storeId === identity.storeId && promise.generation === identity.generation;
  if (!same && promise.generation < identity.generation) return null; // an older promise; our generation is above it already
  if (same) {
    const row = await trx
      .selectFrom('epoch')
      .select('throughSeq')
      .where('source', '=', parts.source)
      .where('epoch', '=', epoch)
      .executeTakeFirst();
    if (promise.throughSeq <= (row?.throughSeq ?? 0)) return null;
  }
  const { suite } = parts;
  const signed = parts.verifyOwn(
    ackMessage(suite, parts.source, { epoch, ...promise }),
    suite.base64urlDecode(promise.sig),
  );
  if (!signed) {
    await raiseAlarm(trx, {
      code: 'claim-unproven',
      subject: parts.source,
      detail: `claims store ${promise.storeId} generation ${promise.generation} through ${promise.throughSeq}`,
      at: parts.nowMs,
    });
    return null;
  }
  return {
    detail: `promised ${parts.source} epoch ${epoch} through ${promise.throughSeq} as generation ${promise.generation}`,
    generation: promise.generation,
  };
}
