/**
 * Verifies a database by itself: a terminal's log, a gateway's store, or a backup of either. It reads the state of one
 * moment; it never writes.
 */
import { PjqError, type Suite } from '../../protocol/index.js';
import { columnsOf, readEvidence, structureFaults } from './open-evidence.js';
import { keysOf } from './signatures.js';
import type { NamedHead, VerifyReport } from './verify-report.js';
import { verifyStore } from './verify-store.js';
import { verifyTerminal } from './verify-terminal.js';

export type { ChainReport, NamedHead, ProjectionReport, VerifyReport } from './verify-report.js';

export interface VerifyOptions {
  readonly suite: Suite;
  /** Further keys to check signatures with (a gateway's own key is not in its database), raw Ed25519, base64url. */
  readonly publicKeys: readonly string[];
  /** hall/terminal of a terminal's log, when its first entry is not to be believed. */
  readonly source?: string | undefined;
  /** Heads that were kept elsewhere: the database must hold these very chains. */
  readonly heads?: readonly NamedHead[];
  /** Whether the tables from which a gateway's figures are read are compared with the entries, too. Default true. */
  readonly tables?: boolean;
}

/**
 * @throws PjqError `request-malformed` when the file is neither kind of database, `store-damaged` when SQLite cannot
 *   read it, `store-locked`.
 */
export function verifyFile(file: string, options: VerifyOptions): VerifyReport {
  const { suite, heads = [], tables = true } = options;
  const keys = keysOf(options.publicKeys);
  const kept = (source: string, epoch: string) =>
    new Map(
      heads
        .filter((head) => head.source === source && head.epoch === epoch)
        .map((head) => [head.seq, suite.base64urlDecode(head.hash)]),
    );
  return readEvidence(file, (db) => {
    const columns = columnsOf(db, 'entry');
    if (!columns.has('epochId') && !columns.has('epoch_id'))
      throw new PjqError('request-malformed', `${file} is neither a terminal's log nor a gateway's database.`);
    const { chains, faults, projections, notes } = columns.has('epochId')
      ? verifyStore(db, { suite, keys, kept, tables })
      : { ...verifyTerminal(db, { suite, keys, kept, source: options.source }), projections: null, notes: [] };
    const unmet = heads
      .filter(({ source, epoch }) => !chains.some((chain) => chain.source === source && chain.epoch === epoch))
      .map(({ source, epoch, seq }) => `chain ${source} ${epoch} is missing: its head at ${seq} was kept elsewhere`);
    const all = [...faults, ...unmet, ...structureFaults(db)];
    const uncompared = chains.flatMap(({ source, epoch, unmet: seqs }) =>
      seqs.map((seq) => `the head of ${source} ${epoch} at ${seq} was not compared: the entries there were let go`),
    );
    return {
      ok: all.length === 0 && chains.every(({ ok }) => ok),
      kind: columns.has('epochId') ? 'gateway' : 'terminal',
      entries: chains.reduce((sum, chain) => sum + chain.entries, 0),
      chains,
      projections,
      faults: all,
      notes: [...notes, ...uncompared],
    };
  });
}
