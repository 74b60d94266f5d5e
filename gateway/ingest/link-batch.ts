/**
 * Links a batch to the chain that is stored, within B's transaction. The epoch's row is the cursor; nothing in
 * memory decides anything.
 */
import {
  batchHead,
  decodeBatch,
  equalBytes,
  genesisHash,
  type Batch,
  type ErrorCode,
  type Suite,
} from '../../protocol/index.js';
import type { OwnLog } from '../store/own-log.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Trx } from '../store/store.js';

export interface LinkParts {
  readonly suite: Suite;
  readonly own: OwnLog;
  readonly nowMs: number;
}

/** A new entry that now stands in the log. */
export interface LinkedEntry {
  readonly entryId: number;
  readonly source: string;
  readonly epoch: string;
  readonly seq: number;
  readonly bytes: Uint8Array;
}

export interface LinkResult {
  readonly linked: readonly LinkedEntry[];
  readonly refused?: ErrorCode;
}

/** Batches of one epoch that may wait for a missing one. */
const MAX_PENDING = 16;

interface Cursor {
  id: number;
  throughSeq: number;
  headHash: Uint8Array;
  stopped: string | null;
}

export async function linkBatch(trx: Trx, parts: LinkParts, batch: Batch, payload: Uint8Array): Promise<LinkResult> {
  const { source, epoch, firstSeq, count, checkpoint } = batch.header;
  const cursor = await cursorOf(trx, parts, source, epoch);
  if (cursor.stopped !== null) return { linked: [], refused: 'epoch-stopped' };
  const lastSeq = firstSeq + count - 1;
  if (lastSeq <= cursor.throughSeq) {
    const known = await trx
      .selectFrom('entry')
      .select('hash')
      .where('epochId', '=', cursor.id)
      .where('seq', '=', lastSeq)
      .executeTakeFirst();
    if (known === undefined || equalBytes(known.hash, batchHead(batch).hash)) return { linked: [] };
    return stop(trx, parts, cursor, source, epoch, lastSeq);
  }
  if (firstSeq > cursor.throughSeq + 1) {
    if (checkpoint === undefined) return keepPending(trx, parts, batch, payload);
    await nameGap(trx, parts, cursor, batch);
  }
  const skip = cursor.throughSeq + 1 - firstSeq;
  const before = skip > 0 ? batch.hashes[skip - 1] : parts.suite.base64urlDecode(batch.header.prevHash);
  if (before === undefined || !equalBytes(before, cursor.headHash))
    return stop(trx, parts, cursor, source, epoch, cursor.throughSeq);
  const linked = await insertEntries(trx, parts, cursor, batch, skip);
  await trx
    .updateTable('epoch')
    .set({
      throughSeq: lastSeq,
      headHash: batchHead(batch).hash,
      signedSeq: lastSeq,
      keyId: batch.header.keyId,
      signature: parts.suite.base64urlDecode(batch.header.sig),
    })
    .where('id', '=', cursor.id)
    .execute();
  return { linked: [...linked, ...(await linkPending(trx, parts, source, epoch, lastSeq))] };
}

async function cursorOf(trx: Trx, parts: LinkParts, source: string, epoch: string): Promise<Cursor> {
  const find = () =>
    trx
      .selectFrom('epoch')
      .select(['id', 'throughSeq', 'headHash', 'stopped'])
      .where('source', '=', source)
      .where('epoch', '=', epoch)
      .executeTakeFirst();
  const row = await find();
  if (row !== undefined) return row;
  await trx
    .insertInto('epoch')
    .values({
      source,
      epoch,
      throughSeq: 0,
      headHash: genesisHash(parts.suite, source, epoch),
      signedSeq: null,
      keyId: null,
      signature: null,
      stopped: null,
      openedAt: parts.nowMs,
    })
    .execute();
  return (await find()) as Cursor;
}

async function insertEntries(
  trx: Trx,
  parts: LinkParts,
  cursor: Cursor,
  batch: Batch,
  skip: number,
): Promise<LinkedEntry[]> {
  const { source, epoch, firstSeq } = batch.header;
  const rows = batch.entries.slice(skip).map((bytes, index) => ({
    epochId: cursor.id,
    seq: firstSeq + skip + index,
    kind: kindOf(parts.suite, bytes),
    bytes,
    hash: batch.hashes[skip + index] as Uint8Array,
    receivedAt: parts.nowMs,
  }));
  const ids = await trx.insertInto('entry').values(rows).returning(['id', 'seq']).execute();
  const idOf = new Map(ids.map((row) => [row.seq, row.id]));
  return rows.map((row) => ({ entryId: idOf.get(row.seq) as number, source, epoch, seq: row.seq, bytes: row.bytes }));
}

/** For finding entries only; what an entry means is read by the projection. */
function kindOf(suite: Suite, bytes: Uint8Array): string {
  try {
    const value = JSON.parse(suite.utf8Decode(bytes)) as { kind?: unknown } | null;
    return typeof value?.kind === 'string' ? value.kind.slice(0, 40) : '?';
  } catch {
    return '?';
  }
}

async function stop(
  trx: Trx,
  parts: LinkParts,
  cursor: Cursor,
  source: string,
  epoch: string,
  seq: number,
): Promise<LinkResult> {
  await trx.updateTable('epoch').set({ stopped: 'log-fork' }).where('id', '=', cursor.id).execute();
  await raiseAlarm(trx, {
    code: 'log-fork',
    subject: source,
    detail: `epoch ${epoch} stopped: another entry claims seq ${seq}`,
    at: parts.nowMs,
  });
  await parts.own.append(trx, 'log.fork', { source, epoch, seq: Math.max(1, seq), code: 'log-fork' });
  return { linked: [], refused: 'log-fork' };
}

/** The terminal pruned what is missing here, and proves its chain at that place: the gap is named, and it goes on. */
async function nameGap(trx: Trx, parts: LinkParts, cursor: Cursor, batch: Batch): Promise<void> {
  const { source, epoch, firstSeq } = batch.header;
  const [fromSeq, throughSeq] = [cursor.throughSeq + 1, firstSeq - 1];
  await trx
    .insertInto('gap')
    .values({
      epochId: cursor.id,
      fromSeq,
      throughSeq,
      hash: parts.suite.base64urlDecode(batch.header.prevHash),
      at: parts.nowMs,
    })
    .execute();
  await raiseAlarm(trx, {
    code: 'log-gap',
    subject: source,
    detail: `epoch ${epoch}: entries ${fromSeq} to ${throughSeq} exist nowhere any more`,
    at: parts.nowMs,
  });
  await parts.own.append(trx, 'log.gap', { source, epoch, fromSeq, throughSeq });
  cursor.throughSeq = throughSeq;
  cursor.headHash = parts.suite.base64urlDecode(batch.header.prevHash);
}

async function keepPending(trx: Trx, parts: LinkParts, batch: Batch, payload: Uint8Array): Promise<LinkResult> {
  const { source, epoch, firstSeq, count } = batch.header;
  const { total } = await trx
    .selectFrom('pending')
    .select((e) => e.fn.countAll<number>().as('total'))
    .where('source', '=', source)
    .where('epoch', '=', epoch)
    .executeTakeFirstOrThrow();
  if (total >= MAX_PENDING) return { linked: [], refused: 'pending-full' };
  await trx
    .insertInto('pending')
    .values({
      source,
      epoch,
      firstSeq,
      lastSeq: firstSeq + count - 1,
      headHash: batchHead(batch).hash,
      payload,
      receivedAt: parts.nowMs,
    })
    .onConflict((c) => c.columns(['source', 'epoch', 'firstSeq', 'lastSeq']).doNothing())
    .execute();
  return { linked: [], refused: 'batch-pending' };
}

/** What waited may link now. Each was checked, signature and all, before it was kept. */
async function linkPending(
  trx: Trx,
  parts: LinkParts,
  source: string,
  epoch: string,
  throughSeq: number,
): Promise<readonly LinkedEntry[]> {
  const row = await trx
    .selectFrom('pending')
    .select(['id', 'payload'])
    .where('source', '=', source)
    .where('epoch', '=', epoch)
    .where('firstSeq', '<=', throughSeq + 1)
    .orderBy('firstSeq')
    .executeTakeFirst();
  if (row === undefined) return [];
  await trx.deleteFrom('pending').where('id', '=', row.id).execute();
  const { linked } = await linkBatch(trx, parts, decodeBatch(parts.suite, row.payload), row.payload);
  return linked.length > 0 ? linked : linkPending(trx, parts, source, epoch, throughSeq);
}
