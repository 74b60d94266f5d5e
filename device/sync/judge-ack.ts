/** What an ack means for this terminal. Pure: the handshake's rules stand here and nowhere else. */
import type { AckMessage } from '../../protocol/index.js';
import type { Promised } from '../log/terminal-log.js';

/** What the terminal knows of the epoch that is being sent. */
export interface AckContext {
  readonly epoch: string;
  /** Last entry that is to be sent. */
  readonly endSeq: number;
  readonly ackedSeq: number;
  /** Entries through this one are no longer here. */
  readonly prunedSeq: number;
  /** The store that made the last promise; `null` before the first. */
  readonly promise: { readonly storeId: string; readonly generation: number } | null;
  /** Chain at a seq in base64url; `null` where it is not known here any more. */
  hashAt(seq: number): string | null;
}

export type AckVerdict =
  /** Not for this epoch, or older than what is known. */
  | { readonly kind: 'ignore' }
  /** The gateway's disk has everything through `throughSeq`. */
  | { readonly kind: 'advance'; readonly throughSeq: number }
  /** A store of a higher generation: only what it says itself counts. */
  | { readonly kind: 'new-store'; readonly throughSeq: number }
  /** The gateway has another chain than this log: open a new epoch. */
  | { readonly kind: 'fork'; readonly cause: 'fork' | 'stopped'; readonly newStore: boolean }
  /** The gateway goes back without a higher generation; it must find that out from our promise. */
  | { readonly kind: 'contradiction'; readonly detail: string };

export function judgeAck(context: AckContext, ack: AckMessage): AckVerdict {
  if (ack.epoch !== context.epoch) return { kind: 'ignore' };
  const { promise } = context;
  const sameStore = promise === null || (promise.storeId === ack.storeId && promise.generation === ack.generation);
  if (!sameStore && ack.generation <= promise.generation) {
    return {
      kind: 'contradiction',
      detail: `store ${ack.storeId} generation ${ack.generation} is not above ${promise.generation}`,
    };
  }
  if (ack.stopped !== undefined) return { kind: 'fork', cause: 'stopped', newStore: !sameStore };
  if (!agrees(context, ack)) return { kind: 'fork', cause: 'fork', newStore: !sameStore };
  if (!sameStore) return { kind: 'new-store', throughSeq: ack.throughSeq };
  if (ack.throughSeq >= context.ackedSeq) return { kind: 'advance', throughSeq: ack.throughSeq };
  return ack.session === undefined
    ? { kind: 'ignore' } // overtaken on the way by a later ack
    : { kind: 'contradiction', detail: `through ${ack.throughSeq}, but ${context.ackedSeq} was acknowledged` };
}

/** Whether the gateway's chain is a beginning of ours. Where our hash was pruned away, it was acknowledged once. */
function agrees(context: AckContext, ack: AckMessage): boolean {
  if (ack.throughSeq > context.endSeq) return false;
  const ours = context.hashAt(ack.throughSeq);
  return ours === null ? ack.throughSeq < context.prunedSeq : ours === ack.headHash;
}

/** What is kept of an ack, to be shown to the gateway again. */
export function promisedBy({ storeId, generation, throughSeq, headHash, sig }: AckMessage): Promised {
  return { storeId, generation, throughSeq, headHash, sig };
}
