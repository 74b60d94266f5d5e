/**
 * Which acknowledged entries are old enough to go, and what stays of them: the chain there, signed.
 *
 * An entry's own wall time may have been wrong (a board without a battery starts in 1970, or a clock was set ten years
 * ahead), so an entry is as old as the next one that was written while the clock was known to be right. Only where a
 * whole step has none is each taken at its word.
 */
import { headMessage } from '../../protocol/index.js';
import type { Checkpoint, EpochPosition, Epochs } from './epochs.js';
import type { LogFile } from './log-file.js';
import { PLACE } from './entry-place.js';
import type { TerminalLogParts } from './log-parts.js';
import type { EntryRow } from './vouched-entries.js';

export interface Prunable {
  readonly epoch: EpochPosition;
  readonly checkpoint: Checkpoint;
  /** When the youngest of them was written, ms since 1970. */
  readonly throughMs: number;
}

const SYNCED = Buffer.from('"clock":"synced"');

/**
 * The oldest acknowledged entries from before `beforeMs`, at most `limit` of them; `null` where there are none, or in
 * the live epoch fewer than `least`.
 */
export function prunable(
  file: LogFile,
  epochs: Epochs,
  { suite, signer, source }: TerminalLogParts,
  beforeMs: number,
  limit: number,
  least: number,
): Prunable | null {
  const epoch = epochs.all().find((one) => one.ackedSeq > one.prunedSeq);
  if (epoch === undefined) return null;
  const rows = file
    .sql(`SELECT seq, at, bytes, hash FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place LIMIT ?`)
    .all(epoch.id, 0, epoch.id, epoch.ackedSeq, limit) as EntryRow[];
  const last = lastBefore(rows, beforeMs);
  if (last === undefined || (epoch.live && last.seq - epoch.prunedSeq < least)) return null;
  const head = { source, epoch: epoch.epoch, seq: last.seq, hash: last.hash };
  const checkpoint: Checkpoint = {
    seq: last.seq,
    hash: suite.base64urlEncode(last.hash),
    keyId: signer.keyId,
    sig: suite.base64urlEncode(signer.sign(headMessage(suite, head))),
  };
  return { epoch, checkpoint, throughMs: last.at };
}

/** The last of the rows that is from before `beforeMs`, with all before it. */
function lastBefore(rows: readonly EntryRow[], beforeMs: number): EntryRow | undefined {
  const synced = rows.filter(({ bytes }) => bytes.includes(SYNCED));
  const told = synced.length > 0 ? synced : rows;
  const firstKept = told.findIndex((row) => row.at >= beforeMs);
  return told[(firstKept < 0 ? told.length : firstKept) - 1];
}

/** To be called in a transaction. @returns how many entries went. */
export function deletePruned(file: LogFile, { epoch, checkpoint }: Prunable): number {
  file
    .sql('UPDATE epoch SET pruned_seq = ?, checkpoint = ? WHERE id = ?')
    .run(checkpoint.seq, JSON.stringify(checkpoint), epoch.id);
  return file
    .sql(`DELETE FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE}`)
    .run(epoch.id, 0, epoch.id, checkpoint.seq).changes;
}
