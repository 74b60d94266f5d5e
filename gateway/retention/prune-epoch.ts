/**
 * One small step of letting go: the oldest entries of one chain, as many as may go and no more than a commit can
 * wait for. What stays instead is a checkpoint, signed as a head of that chain, and the own log's word of it in the
 * same transaction.
 */
import {
  headMessage,
  parseEntry,
  parseTerminalSource,
  readBody,
  type Clock,
  type EntryBody,
  type HeadSigner,
  type Suite,
} from '../../protocol/index.js';
import type { Store, Trx } from '../store/store.js';
import { isOld, type Aged } from './aged.js';
import { waitingServices } from './waiting-services.js';

export interface PruneParts {
  readonly store: Store;
  readonly suite: Suite;
  /** The gateway's own log key. */
  readonly signer: HeadSigner;
  readonly clock: Clock;
}

/** What keeps the next entry of a chain: its age, its quarantine, its service; `null` when all was read. */
export type HeldBy = 'age' | 'quarantine' | 'service' | null;

export interface PruneStep {
  readonly pruned: number;
  readonly heldBy: HeldBy;
}

interface Candidate {
  readonly id: number;
  readonly seq: number;
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

interface Meaning {
  readonly at: number | null;
  readonly serviceId: string | null;
  readonly ratingId: string | null;
}

/** Lets go of up to `limit` entries of one chain. The newest entry stays: forks are found by it. */
export function pruneEpoch(parts: PruneParts, epochId: number, aged: Aged, limit: number): Promise<PruneStep> {
  return parts.store.db.transaction().execute(async (trx) => {
    const epoch = await trx
      .selectFrom('epoch')
      .select(['source', 'epoch', 'throughSeq'])
      .where('id', '=', epochId)
      .executeTakeFirst();
    if (epoch === undefined) return { pruned: 0, heldBy: null };
    const candidates = await trx
      .selectFrom('entry')
      .select(['id', 'seq', 'kind', 'bytes', 'hash'])
      .where('epochId', '=', epochId)
      .where('seq', '<', epoch.throughSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    const { going, heldBy } = await whatMayGo(trx, parts.suite, candidates, aged);
    const last = going.at(-1);
    if (last === undefined) return { pruned: 0, heldBy };
    await letGo(trx, epochId, going, last.seq);
    await leaveCheckpoint(trx, parts, { id: epochId, ...epoch }, last);
    const { source } = epoch;
    // A terminal may write anything into its log; only what a gateway wrote is repeated in the gateway's name.
    if (parseTerminalSource(source) === null) await tellAgain(trx, parts, going);
    const headHash = parts.suite.base64urlEncode(last.hash);
    await parts.store.own.append(trx, 'log.pruned', { source, epoch: epoch.epoch, throughSeq: last.seq, headHash });
    return { pruned: going.length, heldBy };
  });
}

/** The longest run from the oldest on of which every entry may go: a checkpoint speaks of all before it. */
async function whatMayGo(
  trx: Trx,
  suite: Suite,
  candidates: readonly Candidate[],
  aged: Aged,
): Promise<{ going: readonly Candidate[]; heldBy: HeldBy }> {
  const read = candidates.map((candidate) => ({ candidate, meaning: meaningOf(suite, candidate.bytes) }));
  const firstYoung = read.findIndex(({ candidate, meaning }) => !isOld(aged, { id: candidate.id, at: meaning.at }));
  const old = firstYoung === -1 ? read : read.slice(0, firstYoung);
  if (old.length === 0) return { going: [], heldBy: candidates.length === 0 ? null : 'age' };
  const setAside = await unresolved(
    trx,
    old.map(({ candidate }) => candidate.id),
  );
  const serviceOf = await servicesOfRatings(
    trx,
    old.flatMap(({ meaning }) => (meaning.ratingId === null ? [] : [meaning.ratingId])),
  );
  const services = old.map(({ meaning }) => meaning.serviceId ?? serviceOf.get(meaning.ratingId ?? '') ?? null);
  const waiting = await waitingServices(trx, [...new Set(services.filter((one) => one !== null))], aged);
  const held = old.findIndex(
    ({ candidate }, index) => setAside.has(candidate.id) || waiting.has(services[index] ?? ''),
  );
  const going = (held === -1 ? old : old.slice(0, held)).map(({ candidate }) => candidate);
  if (held !== -1) return { going, heldBy: setAside.has(old[held]?.candidate.id ?? 0) ? 'quarantine' : 'service' };
  return { going, heldBy: firstYoung === -1 ? null : 'age' };
}

/** For what an entry is kept; one that cannot be read is kept for nothing but its quarantine. */
function meaningOf(suite: Suite, bytes: Uint8Array): Meaning {
  try {
    const { at, body } = parseEntry(suite, bytes);
    const text = (value: unknown) => (typeof value === 'string' ? value : null);
    return { at, serviceId: text(body['serviceId']), ratingId: text(body['ratingId']) };
  } catch {
    return { at: null, serviceId: null, ratingId: null };
  }
}

async function unresolved(trx: Trx, entryIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await trx
    .selectFrom('quarantine')
    .select('entryId')
    .where('entryId', 'in', entryIds)
    .where('resolvedAt', 'is', null)
    .execute();
  return new Set(rows.map(({ entryId }) => entryId));
}

async function servicesOfRatings(trx: Trx, ratingIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ratingIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom('rating')
    .select(['ratingId', 'serviceId'])
    .where('ratingId', 'in', ratingIds)
    .execute();
  return new Map(rows.map(({ ratingId, serviceId }) => [ratingId, serviceId]));
}

async function letGo(trx: Trx, epochId: number, going: readonly Candidate[], throughSeq: number): Promise<void> {
  await trx
    .deleteFrom('quarantine')
    .where(
      'entryId',
      'in',
      going.map(({ id }) => id),
    )
    .execute();
  await trx.deleteFrom('entry').where('epochId', '=', epochId).where('seq', '<=', throughSeq).execute();
}

async function leaveCheckpoint(
  trx: Trx,
  { suite, signer, clock }: PruneParts,
  epoch: { id: number; source: string; epoch: string },
  { seq, hash }: Candidate,
): Promise<void> {
  const signature = signer.sign(headMessage(suite, { source: epoch.source, epoch: epoch.epoch, seq, hash }));
  const said = { throughSeq: seq, hash, keyId: signer.keyId, signature, at: clock.wallMs() };
  await trx
    .insertInto('checkpoint')
    .values({ epochId: epoch.id, ...said })
    .onConflict((c) => c.column('epochId').doUpdateSet(said))
    .execute();
}

/**
 * What the own log alone vouches for is said anew before the entry that said it goes: every gap, and the last word
 * on each chain's checkpoint. Without it the proof of those chains would go with an entry of another.
 */
async function tellAgain(trx: Trx, { suite, store }: PruneParts, going: readonly Candidate[]): Promise<void> {
  for (const { kind, bytes } of going) {
    if (kind === 'log.gap') await store.own.append(trx, 'log.gap', readBody(parseEntry(suite, bytes), 'log.gap'));
    if (kind === 'log.pruned') {
      const body = readBody(parseEntry(suite, bytes), 'log.pruned');
      if (await isLastWord(trx, body)) await store.own.append(trx, 'log.pruned', body);
    }
  }
}

async function isLastWord(trx: Trx, { source, epoch, throughSeq }: EntryBody<'log.pruned'>): Promise<boolean> {
  const row = await trx
    .selectFrom('checkpoint')
    .innerJoin('epoch', 'epoch.id', 'checkpoint.epochId')
    .select('checkpoint.throughSeq')
    .where('source', '=', source)
    .where('epoch.epoch', '=', epoch)
    .executeTakeFirst();
  return row?.throughSeq === throughSeq;
}
