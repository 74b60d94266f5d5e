/** Which entries are lost, named by epoch and seq: what was not acknowledged and could not be carried over. */
import type { Suite } from '../../protocol/index.js';
import type { EntryChain } from './entry-chain.js';
import type { Epochs } from './epochs.js';
import type { NotedHead } from './head-note.js';
import type { TerminalLogParts } from './log-parts.js';

export interface LostRange {
  readonly epoch: string;
  readonly fromSeq: number;
  readonly throughSeq: number;
}

/** So many ranges are told apart; where the damage is scattered wider, the last one covers the rest. */
const MAX_RANGES = 50;

/** The gaps between `fromSeq` and `throughSeq`. @param held seqs that are there, ascending. */
export function lostBetween(epoch: string, fromSeq: number, throughSeq: number, held: readonly number[]): LostRange[] {
  const ranges: LostRange[] = [];
  let next = fromSeq;
  for (const seq of [...held.filter((one) => one >= fromSeq && one <= throughSeq), throughSeq + 1]) {
    if (seq > next) ranges.push({ epoch, fromSeq: next, throughSeq: seq - 1 });
    next = seq + 1;
  }
  const spare = ranges[MAX_RANGES - 1];
  if (ranges.length <= MAX_RANGES || spare === undefined) return ranges;
  return [...ranges.slice(0, MAX_RANGES - 1), { epoch, fromSeq: spare.fromSeq, throughSeq }];
}

/**
 * What was committed by the note and is not in the file, a list without ranges where the file has something else in
 * that place; `null` where the file has all of it.
 */
export function lostSince(epochs: Epochs, suite: Suite, noted: NotedHead | null): LostRange[] | null {
  if (noted === null) return null;
  const { epoch: name, seq, hash, ackedSeq } = noted;
  const epoch = epochs.all().find((one) => one.epoch === name);
  // The file is older than that epoch.
  if (epoch === undefined) return lostBetween(name, ackedSeq + 1, seq, []);
  const here = epochs.hashAt(epoch, seq);
  if (here !== null) return suite.base64urlEncode(here) === hash ? null : [];
  return seq <= epoch.prunedSeq ? null : lostBetween(name, Math.max(ackedSeq, epoch.endSeq) + 1, seq, []);
}

/** As the terminal tells it in its log. To be called in a transaction. */
export function nameLost(
  chain: EntryChain,
  { clock, bootId, source }: Pick<TerminalLogParts, 'clock' | 'bootId' | 'source'>,
  lost: readonly LostRange[],
): void {
  const moment = { at: clock.wallMs(), mono: clock.monoMs(), bootId };
  for (const range of lost) chain.append({ kind: 'log.gap', body: { source, ...range } }, moment);
}
