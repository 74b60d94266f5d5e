/** Which acknowledged entries are old enough to go, and what stays of them: the chain there, signed. */
import { headMessage } from '../../protocol/index.js';
import type { Checkpoint, EpochPosition, Epochs } from './epochs.js';
import type { LogFile } from './log-file.js';
import { PLACE } from './entry-place.js';
import type { TerminalLogParts } from './log-parts.js';
import type { EntryRow } from './vouched-entries.js';

export interface Prunable {
  readonly epoch: EpochPosition;
  readonly checkpoint: Checkpoint;
}

/** The oldest acknowledged entries from before `beforeMs`, at most `limit` of them; `null` where there are none. */
export function prunable(
  file: LogFile,
  epochs: Epochs,
  { suite, signer, source }: TerminalLogParts,
  beforeMs: number,
  limit: number,
): Prunable | null {
  const epoch = epochs.all().find((one) => one.ackedSeq > one.prunedSeq);
  if (epoch === undefined) return null;
  const rows = file
    .sql(`SELECT seq, at, hash FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place LIMIT ?`)
    .all(epoch.id, 0, epoch.id, epoch.ackedSeq, limit) as EntryRow[];
  const firstKept = rows.findIndex((row) => row.at >= beforeMs);
  const last = rows[(firstKept < 0 ? rows.length : firstKept) - 1];
  if (last === undefined) return null;
  const head = { source, epoch: epoch.epoch, seq: last.seq, hash: last.hash };
  const checkpoint: Checkpoint = {
    seq: last.seq,
    hash: suite.base64urlEncode(last.hash),
    keyId: signer.keyId,
    sig: suite.base64urlEncode(signer.sign(headMessage(suite, head))),
  };
  return { epoch, checkpoint };
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
