/**
 * Verifies a gateway's database: its chains, the signatures of their heads and of what was let go, and the tables
 * from which figures are read. One pass over the entries in the order of their arrival.
 */
import type Database from 'better-sqlite3';
import { equalBytes, parseTerminalSource, type Suite } from '../../protocol/index.js';
import { tablesOf } from './open-evidence.js';
import { chainName, gapName, keyName, OwnWord, prunedName } from './own-word.js';
import { CrossCheck } from './projection/cross-check.js';
import { isSigned, keysOf, type Keys } from './signatures.js';
import { entriesOf, givenNumbers, type CheckpointRow, type GapRow, type StoreEpoch } from './store-rows.js';
import { ChainWalker, walkChain, type ChainParts, type ChainRow } from './verify-chain.js';
import { FaultList, type ChainReport, type ProjectionReport } from './verify-report.js';
import { chainReport, ofNoChain } from './verify-terminal.js';

export interface StoreVerifyParts {
  readonly suite: Suite;
  /** Keys that the auditor brought along (a gateway's own key is not in its database). */
  readonly keys: Keys;
  /** Heads kept elsewhere, by source and epoch. */
  readonly kept: (source: string, epoch: string) => ReadonlyMap<number, Uint8Array>;
  /** Whether the tables from which figures are read are compared with the entries, too. */
  readonly tables: boolean;
}

export interface StoreFindings {
  readonly chains: readonly ChainReport[];
  readonly projections: ProjectionReport | null;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

interface Chain {
  readonly row: StoreEpoch;
  readonly terminal: string;
  readonly isOwn: boolean;
  readonly parts: ChainParts;
  readonly walker: ChainWalker;
  readonly gaps: readonly GapRow[];
  readonly checkpoint: CheckpointRow | undefined;
  /** How many entries were here and were let go. */
  readonly letGo: number;
}

/** What the proof of a chain is held against. */
interface Context {
  readonly suite: Suite;
  readonly own: OwnWord;
  readonly ownKeyIds: ReadonlySet<string>;
  readonly keys: Keys;
  /** The own log lacks entries that may have told of something: gaps, and what was let go. */
  readonly ownIsWhole: boolean;
}

export function verifyStore(db: Database.Database, parts: StoreVerifyParts): StoreFindings {
  const { suite } = parts;
  const faults = new FaultList();
  const own = new OwnWord(suite);
  const chains = chainsOf(db, parts);
  const isPruned = [...chains.values()].some(({ checkpoint }) => checkpoint !== undefined);
  const check = parts.tables ? new CrossCheck(db, { suite, faults, isPruned }) : null;
  let orphan: { epochId: number; seq: number } | undefined;
  let entries = 0;
  for (const row of entriesOf(db)) {
    entries += 1;
    const chain = chains.get(row.epochId);
    if (chain === undefined) {
      orphan ??= row;
      continue;
    }
    chain.walker.push(row);
    if (chain.isOwn) own.push(row.kind, row.bytes);
    const { source, epoch } = chain.row;
    check?.push({
      id: row.id,
      source,
      epoch,
      seq: row.seq,
      kind: row.kind,
      bytes: row.bytes,
      terminal: chain.terminal,
    });
  }
  const ownChains = [...chains.values()].filter(({ isOwn }) => isOwn);
  const context: Context = {
    suite,
    own,
    ownKeyIds: new Set(ownChains.flatMap(({ row }) => (row.keyId === null ? [] : [row.keyId]))),
    keys: new Map([...registeredKeys(db), ...parts.keys]),
    ownIsWhole: ownChains.every(({ gaps, checkpoint }) => gaps.length === 0 && checkpoint === undefined),
  };
  const reports = [...chains.values()].map((chain) => reportChain(db, context, chain));
  const projections = check?.end() ?? null;
  const withoutEntries = projections?.withoutEntries ?? 0;
  for (const fault of rowFaults(db, context, chains, entries)) faults.add(fault);
  return {
    chains: orphan === undefined ? reports : [...reports, ofNoChain(orphan)],
    projections,
    faults: faults.all(),
    notes:
      withoutEntries === 0
        ? []
        : [`${withoutEntries} rows rest on entries that the retention let go; they were not compared`],
  };
}

function chainsOf(db: Database.Database, { suite, kept }: StoreVerifyParts): Map<number, Chain> {
  const misplaced = db.prepare(
    "SELECT 1 FROM entry JOIN quarantine ON entryId = entry.id WHERE epochId = ? AND seq = ? AND code = 'entry-misplaced'",
  );
  const allGaps = db.prepare('SELECT epochId, fromSeq, throughSeq, hash FROM gap ORDER BY fromSeq').all() as GapRow[];
  const checkpoints = tablesOf(db).has('checkpoint')
    ? (db.prepare('SELECT epochId, throughSeq, hash, keyId, signature FROM checkpoint').all() as CheckpointRow[])
    : [];
  const rows = db.prepare('SELECT * FROM epoch ORDER BY id').all() as StoreEpoch[];
  return new Map(
    rows.map((row) => {
      const terminal = parseTerminalSource(row.source)?.terminal;
      const checkpoint = checkpoints.find(({ epochId }) => epochId === row.id);
      const ofChain = allGaps.filter(({ epochId }) => epochId === row.id);
      const through = checkpoint?.throughSeq ?? 0;
      const gaps = ofChain.filter(({ fromSeq }) => fromSeq > through);
      const neverHere = ofChain
        .filter((gap) => !gaps.includes(gap))
        .reduce((sum, { fromSeq, throughSeq }) => sum + throughSeq - fromSeq + 1, 0);
      const parts: ChainParts = {
        suite,
        source: row.source,
        epoch: row.epoch,
        absences: [...(checkpoint === undefined ? [] : [{ fromSeq: 1, ...checkpoint }]), ...gaps],
        isSetAside: (seq) => misplaced.get(row.id, seq) !== undefined,
        kept: kept(row.source, row.epoch),
      };
      const walker = new ChainWalker(parts);
      return [
        row.id,
        {
          row,
          terminal: terminal ?? '',
          isOwn: terminal === undefined,
          parts,
          walker,
          gaps,
          checkpoint,
          letGo: through - neverHere,
        },
      ];
    }),
  );
}

function registeredKeys(db: Database.Database): Keys {
  return keysOf(db.prepare('SELECT publicKey FROM terminalKey').pluck().all() as string[]);
}

function reportChain(db: Database.Database, context: Context, chain: Chain): ChainReport {
  const { row, gaps, checkpoint } = chain;
  const told = gaps.filter((gap) => context.own.gaps.has(gapName({ ...row, ...gap })) || !context.ownIsWhole);
  let walk = chain.walker.end();
  if (walk.fault !== null || told.length < gaps.length) {
    // In the order of arrival it does not hold: the order of its seqs, and the gaps that are told of, decide.
    const absences = chain.parts.absences.filter((one) => one.fromSeq === 1 || told.some((gap) => gap === one));
    const rows = db
      .prepare('SELECT seq, kind, bytes, hash FROM entry WHERE epochId = ? ORDER BY seq')
      .iterate(row.id) as IterableIterator<ChainRow>;
    walk = walkChain({ ...chain.parts, absences }, rows);
  }
  const fault =
    walk.fault ??
    (walk.seq < row.throughSeq ? `entry ${walk.seq + 1} is missing` : null) ??
    (walk.seq > row.throughSeq ? `entry ${row.throughSeq + 1} was inserted` : null) ??
    (equalBytes(walk.hash, row.headHash) ? null : `the head is not the chain's`) ??
    checkpointFault(context, row, checkpoint) ??
    stoppedFault(context, row);
  const signed = fault === null ? headSignature(context, row) : { ok: false, text: '' };
  const rests = [
    signed.text,
    ...(checkpoint === undefined ? [] : [`let go through ${checkpoint.throughSeq}`]),
    ...(gaps.length > 0 ? [`${gaps.length} named gaps`] : []),
  ];
  return chainReport(
    context.suite,
    row.source,
    row.epoch,
    walk,
    fault ?? (signed.ok ? null : signed.text),
    rests.join(', '),
  );
}

/** What the retention let go: the own log tells of it, and the head there is signed by the gateway. */
function checkpointFault(
  { suite, own, keys, ownIsWhole }: Context,
  row: StoreEpoch,
  checkpoint: CheckpointRow | undefined,
): string | null {
  if (checkpoint === undefined) return null;
  const { throughSeq, hash, keyId, signature } = checkpoint;
  const told = own.pruned.has(prunedName({ ...row, throughSeq, headHash: suite.base64urlEncode(hash) }));
  // The word of it may itself be among what was let go.
  if (!told && ownIsWhole)
    return `entry 1 is missing: the gateway's log does not tell of letting go through ${throughSeq}`;
  const check = keys.get(keyId);
  if (check === undefined) return null;
  return isSigned(suite, { ...row, seq: throughSeq, hash }, check, signature)
    ? null
    : `the signature of the checkpoint at ${throughSeq} is wrong`;
}

function stoppedFault({ own, ownIsWhole }: Context, row: StoreEpoch): string | null {
  if (!ownIsWhole) return null;
  const told = own.forks.has(chainName(row));
  if (told === (row.stopped !== null)) return null;
  return told
    ? "goes on, though the gateway's log tells that it was stopped"
    : "is stopped, though the gateway's log does not tell why";
}

function headSignature(context: Context, row: StoreEpoch): { ok: boolean; text: string } {
  const { suite, keys, own, ownKeyIds } = context;
  const { keyId, signature } = row;
  if (row.throughSeq === 0) return { ok: true, text: 'empty' };
  if (keyId === null || signature === null || row.signedSeq !== row.throughSeq)
    return { ok: false, text: 'the head is not signed' };
  const check = keys.get(keyId);
  const isTerminals = parseTerminalSource(row.source) !== null;
  // After a repair the gateway itself vouches for where a terminal's chain was cut, until that terminal goes on.
  const isCut = isTerminals && ownKeyIds.has(keyId) && own.restored > 0;
  // A terminal's key is in the registry, which forgets none; a gateway's own is not in its database.
  if (check === undefined && isTerminals)
    return isCut
      ? {
          ok: false,
          text: `the head is signed by the gateway (${keyId}) after a repair: give its key with --public-key`,
        }
      : { ok: false, text: `the head is signed by ${keyId}, which is not registered` };
  if (check === undefined)
    return { ok: true, text: `signature not checked: key ${keyId} is not known here, give it with --public-key` };
  if (!isSigned(suite, { ...row, seq: row.throughSeq, hash: row.headHash }, check, signature))
    return { ok: false, text: `the signature of the head by ${keyId} is wrong` };
  return {
    ok: true,
    text: isCut ? `head vouched for by the gateway ${keyId} after a repair` : `head signed by ${keyId}`,
  };
}

/** Rows that are gone as a whole, and rows of the registry that nobody made. */
function rowFaults(
  db: Database.Database,
  { own, ownIsWhole }: Context,
  chains: ReadonlyMap<number, Chain>,
  entries: number,
): string[] {
  const all = [...chains.values()];
  const names = new Set(all.map(({ row }) => chainName(row)));
  const faults: string[] = [];
  for (let id = 1; id <= givenNumbers(db, 'epoch'); id += 1)
    if (!chains.has(id)) faults.push(`chain number ${id} is missing, whole`);
  const letGo = all.reduce((sum, chain) => sum + chain.letGo, 0);
  const gone = givenNumbers(db, 'entry') - entries - letGo;
  if (gone > 0) faults.push(`${gone} entries that this database once had are in no chain of it`);
  for (const name of [...own.gaps, ...own.pruned, ...own.forks]) {
    const chain = name.split(' ').slice(0, 2).join(' ');
    if (!names.has(chain)) faults.push(`the gateway's log tells of chain ${chain}, which is missing`);
  }
  for (const { row } of all.filter(({ isOwn }) => isOwn))
    for (const { epoch, ancestorEpoch } of own.ancestors)
      if (epoch === row.epoch && !names.has(chainName({ source: row.source, epoch: ancestorEpoch })))
        faults.push(`the gateway's epoch ${epoch} goes on from epoch ${ancestorEpoch}, which is missing`);
  return ownIsWhole ? [...faults, ...registryFaults(db, own)] : faults;
}

function registryFaults(db: Database.Database, own: OwnWord): string[] {
  return [...terminalFaults(db, own), ...keyFaults(db, own)];
}

function terminalFaults(db: Database.Database, own: OwnWord): string[] {
  const rows = db.prepare('SELECT terminal, window FROM terminal').raw().all() as [terminal: string, window: string][];
  const windows = new Map(rows);
  return Array.from(own.terminals).flatMap(([terminal, window]) => {
    const has = windows.get(terminal);
    if (has === undefined) return [`terminal ${terminal}, which was registered, is missing: pjq store repair`];
    return has === window ? [] : [`terminal ${terminal} is at window ${has}, but was registered at ${window}`];
  });
}

function keyFaults(db: Database.Database, own: OwnWord): string[] {
  const rows = db.prepare('SELECT terminal, keyId, revokedAt FROM terminalKey').all() as {
    terminal: string;
    keyId: string;
    revokedAt: number | null;
  }[];
  return rows.flatMap(({ terminal, keyId, revokedAt }) => {
    const name = keyName({ terminal, keyId });
    if (!own.keysAdded.has(name)) return [`key ${keyId} of terminal ${terminal} was registered by nobody`];
    return own.keysRevoked.has(name) === (revokedAt !== null)
      ? []
      : [
          `key ${keyId} of terminal ${terminal} is ${revokedAt === null ? 'valid, but was' : 'revoked, but was not'} revoked`,
        ];
  });
}
