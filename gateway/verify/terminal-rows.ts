/** Rows of a terminal's log, as its proof reads them. */
import type Database from 'better-sqlite3';
import type { AckMessage, EntryBody, Suite } from '../../protocol/index.js';

export type TerminalCheckpoint = EntryBody<'checkpoint'>;
export type Promised = Pick<AckMessage, 'storeId' | 'generation' | 'throughSeq' | 'headHash' | 'sig'>;

export interface TerminalEpoch {
  readonly id: number;
  readonly epoch: string;
  readonly acked_seq: number;
  readonly end_seq: number | null;
  readonly pruned_seq: number;
  readonly checkpoint: string | null;
  readonly promise: string | null;
}

/** Who wrote the log, by the first entry that the epoch still has; one that was pruned away altogether, by another's. */
export function sourceOf(suite: Suite, db: Database.Database, epochId: number): string {
  const first = db.prepare('SELECT bytes FROM entry ORDER BY place >= (? << 32) DESC, place LIMIT 1').get(epochId) as
    { bytes: Buffer } | undefined;
  if (first === undefined) return '?';
  try {
    return String((JSON.parse(suite.utf8Decode(first.bytes)) as { source?: unknown }).source);
  } catch {
    return '?';
  }
}
