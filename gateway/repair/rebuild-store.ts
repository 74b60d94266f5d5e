/** Writes a new hall database from what is proven of a damaged one. */
import type Database from 'better-sqlite3';
import {
  encodeBatch,
  headMessage,
  nextHash,
  genesisHash,
  MAX_BATCH_ENTRIES,
  parseEntry,
  parseTerminalSource,
  PjqError,
  readBody,
  type Suite,
} from '../../protocol/index.js';
import { projectEntries, type LinkedEntry, type ProjectRules } from '../ingest/project-entries.js';
import { raiseAlarm } from '../store/alarm.js';
import { insertMany } from '../store/bulk.js';
import type { OwnLog } from '../store/own-log.js';
import type { Db, StoreParts, Trx } from '../store/store.js';
import { keyName, OwnWord } from '../verify/own-word.js';
import { damagedEntries, type DamagedEntry, type JudgedChain } from './damaged-store.js';
import { carryOutOwn, isOwnMeaning } from './own-meaning.js';

/** Entries a transaction. */
const STEP = 2_000;
/** Bytes of entries in a batch that waits for what is missing before it. */
const WAITING_BYTES = 48 * 1024;

/** Of its own entries the gateway projects those by which services are rated and closed. */
const OWN_PROJECTED: ReadonlySet<string> = new Set(['rating', 'rating.made', 'service.provisional', 'service.expired']);

/** A gap that the repair itself has to name: nobody but the gateway had these entries of its own log. */
export interface OwnGap {
  readonly source: string;
  readonly epoch: string;
  readonly fromSeq: number;
  readonly throughSeq: number;
}

export interface Rebuilt {
  readonly entries: number;
  readonly ownGaps: readonly OwnGap[];
  /** Highest generation that the own log tells of. */
  readonly generation: number;
  /** Keys that the own log tells of, each as it names them. */
  readonly keysAdded: ReadonlySet<string>;
  readonly keysRevoked: ReadonlySet<string>;
}

interface Target {
  readonly chain: JudgedChain;
  /** Its number in the new database. */
  readonly id: number;
  seq: number;
  hash: Uint8Array;
  /** Entries behind the damage of a terminal's chain, until they fill a batch. */
  waiting: { firstSeq: number; prevHash: Uint8Array; entries: Uint8Array[]; bytes: number } | null;
}

/** Where a chain of the new database ends, and what of the old one lies behind. */
interface Ending {
  readonly throughSeq: number;
  readonly headHash: Uint8Array;
  readonly signedBefore: boolean;
  readonly gap: { fromSeq: number; throughSeq: number; hash: Uint8Array } | null;
}

/** The new database; its tables are made, and empty but for the registry. */
export async function rebuild(
  db: Db,
  damaged: Database.Database,
  chains: readonly JudgedChain[],
  parts: StoreParts & { readonly rules?: ProjectRules | undefined },
): Promise<Rebuilt> {
  const targets = new Map<number, Target>();
  const ownGaps: OwnGap[] = [];
  await db.transaction().execute(async (trx) => {
    for (const [index, chain] of chains.entries()) {
      const ending = endingOf(chain);
      const target = await makeEpoch(trx, parts, chain, index + 1, ending);
      targets.set(chain.id, target);
      if (ending.gap !== null) ownGaps.push({ source: chain.source, epoch: chain.epoch, ...ending.gap });
    }
    await forgetDuties(trx, chains);
  });
  const writer = new EntryWriter(parts, targets);
  let step: DamagedEntry[] = [];
  for (const row of damagedEntries(damaged)) {
    step.push(row);
    if (step.length < STEP) continue;
    const rows = step;
    step = [];
    await db.transaction().execute((trx) => writer.write(trx, rows));
  }
  await db.transaction().execute((trx) => writer.write(trx, step));
  await db.transaction().execute(async (trx) => {
    for (const target of targets.values()) await flushWaiting(trx, parts, target);
  });
  const { entries, own } = writer;
  return { entries, ownGaps, generation: writer.generation, keysAdded: own.keysAdded, keysRevoked: own.keysRevoked };
}

/** Who is on duty is told anew by the entries, unless those that told it were let go. */
async function forgetDuties(trx: Trx, chains: readonly JudgedChain[]): Promise<void> {
  const terminals = (some: readonly JudgedChain[]) => some.map(({ source }) => parseTerminalSource(source)?.terminal);
  const letGo = new Set(terminals(chains.filter(({ checkpoint }) => checkpoint !== null)));
  for (const terminal of new Set(terminals(chains)))
    if (terminal !== undefined && !letGo.has(terminal))
      await trx.updateTable('terminal').set({ duty: null }).where('terminal', '=', terminal).execute();
}

function endingOf({ isOwn, verdict }: JudgedChain): Ending {
  const { through, whole, run, signedHead } = verdict;
  const gap = ownGapOf({ isOwn, verdict });
  if (gap === null || signedHead === null)
    return { throughSeq: through.seq, headHash: through.hash, signedBefore: whole, gap: null };
  const hash = run?.prevHash ?? signedHead.hash;
  return { throughSeq: signedHead.seq, headHash: signedHead.hash, signedBefore: true, gap: { ...gap, hash } };
}

/** What is missing in the gateway's own log. A terminal is asked for what is missing; here there is nobody to be asked. */
export function ownGapOf({
  isOwn,
  verdict: { through, whole, run, signedHead },
}: Pick<JudgedChain, 'isOwn' | 'verdict'>): { fromSeq: number; throughSeq: number } | null {
  if (!isOwn || whole || signedHead === null || signedHead.seq <= through.seq) return null;
  return { fromSeq: through.seq + 1, throughSeq: (run?.fromSeq ?? signedHead.seq + 1) - 1 };
}

async function makeEpoch(
  trx: Trx,
  { suite, signer, clock }: StoreParts,
  chain: JudgedChain,
  id: number,
  { throughSeq, headHash, signedBefore, gap }: Ending,
): Promise<Target> {
  const { source, epoch, row, gaps, checkpoint } = chain;
  const kept = signedBefore && row !== null;
  const signed =
    throughSeq === 0
      ? { signedSeq: null, keyId: null, signature: null }
      : kept
        ? { signedSeq: throughSeq, keyId: row.keyId, signature: row.signature }
        : {
            signedSeq: throughSeq,
            keyId: signer.keyId,
            signature: signer.sign(headMessage(suite, { source, epoch, seq: throughSeq, hash: headHash })),
          };
  await trx
    .insertInto('epoch')
    .values({
      id,
      source,
      epoch,
      throughSeq,
      headHash,
      ...signed,
      stopped: null,
      openedAt: Number.isInteger(row?.openedAt) ? (row?.openedAt ?? 0) : clock.wallMs(),
    })
    .execute();
  const passed = gaps.filter((one) => one.throughSeq <= throughSeq);
  for (const { fromSeq, throughSeq: through, hash, at } of passed)
    await trx.insertInto('gap').values({ epochId: id, fromSeq, throughSeq: through, hash, at }).execute();
  if (gap !== null)
    await trx
      .insertInto('gap')
      .values({ epochId: id, ...gap, at: clock.wallMs() })
      .execute();
  const [seq, hash] = [0, genesisHash(suite, source, epoch)];
  if (checkpoint === null || checkpoint.throughSeq > throughSeq) return { chain, id, seq, hash, waiting: null };
  const { throughSeq: letGo, hash: there, keyId, signature, at } = checkpoint;
  await trx
    .insertInto('checkpoint')
    .values({ epochId: id, throughSeq: letGo, hash: there, keyId, signature, at })
    .execute();
  return { chain, id, seq: letGo, hash: there, waiting: null };
}

class EntryWriter {
  readonly #suite: Suite;
  readonly #rules: ProjectRules | undefined;
  readonly #targets: ReadonlyMap<number, Target>;
  /** What the own log tells of. */
  readonly own: OwnWord;
  entries = 0;
  generation = 0;

  constructor(
    { suite, rules }: { readonly suite: Suite; readonly rules?: ProjectRules | undefined },
    targets: ReadonlyMap<number, Target>,
  ) {
    this.#suite = suite;
    this.#rules = rules;
    this.own = new OwnWord(suite);
    this.#targets = targets;
  }

  /** Entries in the order of their arrival, and what they mean. */
  async write(trx: Trx, rows: readonly DamagedEntry[]): Promise<void> {
    const values: unknown[][] = [];
    const standing: { row: DamagedEntry; target: Target; entryId: number }[] = [];
    for (const row of rows) {
      const target = this.#targets.get(row.epochId);
      if (target === undefined || !this.#place(target, row)) continue;
      this.entries += 1;
      values.push([this.entries, target.id, row.seq, row.kind, row.bytes, target.hash, row.receivedAt]);
      standing.push({ row, target, entryId: this.entries });
    }
    await insertMany(trx, 'entry', ['id', 'epochId', 'seq', 'kind', 'bytes', 'hash', 'receivedAt'], values);
    let group: LinkedEntry[] = [];
    let nowMs = 0;
    const project = async () => {
      await projectEntries(trx, { suite: this.#suite, nowMs, rules: this.#rules }, group);
      group = [];
    };
    for (const { row, target, entryId } of standing) {
      const { kind, bytes, receivedAt, seq } = row;
      const { source, epoch, isOwn } = target.chain;
      const own = isOwn && isOwnMeaning(kind);
      if (group.length > 0 && (own || receivedAt !== nowMs)) await project();
      if (isOwn) this.own.push(kind, bytes);
      if (isOwn && kind.startsWith('store.')) this.#readGeneration(kind, bytes);
      if (own) await this.#carryOutOwn(trx, row);
      else if (!isOwn || OWN_PROJECTED.has(kind)) {
        nowMs = receivedAt;
        group.push({ entryId, source, epoch, seq, bytes });
      }
    }
    if (group.length > 0) await project();
  }

  async #carryOutOwn(trx: Trx, row: DamagedEntry): Promise<void> {
    try {
      if (isOwnMeaning(row.kind)) await carryOutOwn(trx, { suite: this.#suite, rules: this.#rules }, row.kind, row);
    } catch (error) {
      // An entry of a kind that this version reads otherwise: it stands, and says nothing here.
      if (!(error instanceof PjqError)) throw error;
    }
  }

  /** Whether the entry stands in the new chain. What is proven behind the damage of a terminal's chain waits instead. */
  #place(target: Target, { seq, bytes }: DamagedEntry): boolean {
    const { chain } = target;
    const { through, run } = chain.verdict;
    const gap = chain.gaps.find(({ fromSeq, throughSeq }) => fromSeq === target.seq + 1 && throughSeq < seq);
    if (gap !== undefined) [target.seq, target.hash] = [gap.throughSeq, gap.hash];
    const inRun = run !== null && seq >= run.fromSeq && seq <= run.head.seq;
    if (inRun && chain.isOwn && seq === run.fromSeq) [target.seq, target.hash] = [seq - 1, run.prevHash];
    if (seq === target.seq + 1 && (seq <= through.seq || (inRun && chain.isOwn))) {
      target.hash = nextHash(this.#suite, target.hash, bytes);
      target.seq = seq;
      return true;
    }
    if (inRun && !chain.isOwn) this.#wait(target, seq, bytes, run.fromSeq, run.prevHash);
    return false;
  }

  #wait(target: Target, seq: number, bytes: Uint8Array, fromSeq: number, prevHash: Uint8Array): void {
    if (seq === fromSeq) target.waiting = { firstSeq: fromSeq, prevHash, entries: [], bytes: 0 };
    if (target.waiting?.firstSeq === undefined || seq !== target.waiting.firstSeq + target.waiting.entries.length)
      return;
    target.waiting.entries.push(bytes);
    target.waiting.bytes += bytes.length;
  }

  #readGeneration(kind: string, bytes: Uint8Array): void {
    try {
      const entry = parseEntry(this.#suite, bytes);
      const body = readBody(entry, kind === 'store.opened' ? 'store.opened' : 'store.restored');
      this.generation = Math.max(this.generation, body.generation);
    } catch {
      return; // It tells nothing here.
    }
  }
}

/**
 * What is proven behind the damage of a terminal's chain waits, as batches that came too early do: it links by itself
 * once the terminal has sent what is missing before it.
 */
async function flushWaiting(trx: Trx, { suite, signer, clock, bootId }: StoreParts, target: Target): Promise<void> {
  const { waiting, chain } = target;
  const row = chain.row;
  if (waiting === null || row === null) return;
  const { source, epoch, verdict } = chain;
  const time = { bootId, mono: clock.monoMs(), at: clock.wallMs() };
  let [firstSeq, prevHash, from] = [waiting.firstSeq, waiting.prevHash, 0];
  while (from < waiting.entries.length) {
    const entries: Uint8Array[] = [];
    let headHash = prevHash;
    for (let bytes = 0; from < waiting.entries.length && entries.length < MAX_BATCH_ENTRIES; from += 1) {
      const entry = waiting.entries[from] as Uint8Array;
      if (entries.length > 0 && bytes + entry.length > WAITING_BYTES) break;
      entries.push(entry);
      bytes += entry.length;
      headHash = nextHash(suite, headHash, entry);
    }
    const lastSeq = firstSeq + entries.length - 1;
    // Of the last one the terminal's own signature is there.
    const { keyId, signature } = row;
    const last = lastSeq === verdict.run?.head.seq && keyId !== null && signature !== null;
    const payload = encodeBatch(suite, last ? { keyId, sign: () => signature } : signer, {
      source,
      epoch,
      firstSeq,
      prevHash,
      entries,
      headHash,
      time,
    });
    await trx
      .insertInto('pending')
      .values({ source, epoch, firstSeq, lastSeq, headHash, payload, receivedAt: clock.wallMs() })
      .onConflict((c) => c.columns(['source', 'epoch', 'firstSeq', 'lastSeq']).doNothing())
      .execute();
    [firstSeq, prevHash] = [lastSeq + 1, headHash];
  }
}

/**
 * The word of it: gaps of the own log, keys whose registration is told of in none of its entries any more, and an alarm
 * for the operator.
 * @returns how many keys were told of again.
 */
export async function tellOfRepair(
  trx: Trx,
  { own, clock, hall }: { readonly own: OwnLog; readonly clock: StoreParts['clock']; readonly hall: string },
  rebuilt: Pick<Rebuilt, 'ownGaps' | 'keysAdded' | 'keysRevoked'>,
): Promise<number> {
  const at = clock.wallMs();
  for (const { source, epoch, fromSeq, throughSeq } of rebuilt.ownGaps) {
    await own.append(trx, 'log.gap', { source, epoch, fromSeq, throughSeq });
    await raiseAlarm(trx, {
      code: 'log-gap',
      subject: source,
      detail: `epoch ${epoch}: entries ${fromSeq} to ${throughSeq} exist nowhere any more`,
      at,
    });
  }
  const keys = await trx
    .selectFrom('terminalKey')
    .select(['terminal', 'keyId', 'revokedAt'])
    .orderBy('addedAt')
    .execute();
  const untold = keys.filter((key) => !rebuilt.keysAdded.has(keyName(key)));
  for (const { terminal, keyId } of untold) await own.append(trx, 'key.added', { terminal, keyId });
  for (const { terminal, keyId, revokedAt } of keys)
    if (revokedAt !== null && !rebuilt.keysRevoked.has(keyName({ terminal, keyId })))
      await own.append(trx, 'key.revoked', { terminal, keyId });
  await raiseAlarm(trx, { code: 'store-restored', subject: hall, detail: 'the damaged database was repaired', at });
  return untold.length;
}
