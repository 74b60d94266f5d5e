/**
 * Links the batches of a group to the chains that are stored, within B's transaction. The epochs' rows are the
 * cursors; nothing that outlives the group decides anything. New entries are gathered and written together.
 */
import { batchHead, decodeBatch, equalBytes, type Batch, type ErrorCode, type Suite } from '../../protocol/index.js';
import { raiseAlarm } from '../store/alarm.js';
import { insertMany } from '../store/bulk.js';
import { firstEntryId } from '../store/dialect.js';
import type { OwnLog } from '../store/own-log.js';
import type { Trx } from '../store/store.js';
import type { HeardTime } from './corrected-time.js';
import { Cursors, isAt, type Cursor } from './cursors.js';
import type { LinkedEntry } from './read-linked.js';

export interface LinkParts {
  readonly suite: Suite;
  readonly own: OwnLog;
  readonly nowMs: number;
}

/** A batch as it came, and what it is. */
export interface ArrivedBatch {
  readonly batch: Batch;
  readonly payload: Uint8Array;
  readonly heard?: HeardTime;
}

/** Batches of one epoch that may wait for a missing one. */
const MAX_PENDING = 16;

const ENTRY = ['id', 'epochId', 'seq', 'kind', 'bytes', 'hash', 'receivedAt'] as const;

interface NewEntry {
  readonly cursor: Cursor;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly heard: HeardTime | undefined;
}

export class LinkGroup {
  readonly cursors: Cursors;
  readonly #trx: Trx;
  readonly #parts: LinkParts;
  /** Epochs of which batches wait. */
  readonly #waiting = new Set<string>();
  #fresh: NewEntry[] = [];
  #written: LinkedEntry[] = [];

  constructor(trx: Trx, parts: LinkParts) {
    this.#trx = trx;
    this.#parts = parts;
    this.cursors = new Cursors(parts.suite);
  }

  /** Makes known what is stored of these epochs. */
  async load(epochs: readonly (readonly [source: string, epoch: string])[]): Promise<void> {
    await this.cursors.load(this.#trx, epochs);
    const rows = await this.#trx.selectFrom('pending').select(['source', 'epoch']).distinct().execute();
    for (const { source, epoch } of rows) this.#waiting.add(`${source} ${epoch}`);
  }

  /** @returns why the batch was refused, if it was. What was linked comes from `write`. */
  async link({ batch, payload, heard }: ArrivedBatch): Promise<ErrorCode | undefined> {
    const { source, epoch, firstSeq, count, checkpoint } = batch.header;
    const cursor = await this.cursors.of(this.#trx, source, epoch, this.#parts.nowMs);
    if (cursor.stopped !== null) return 'epoch-stopped';
    const lastSeq = firstSeq + count - 1;
    if (lastSeq <= cursor.throughSeq) {
      const known = await this.#hashAt(cursor, lastSeq);
      if (known === undefined || equalBytes(known, batchHead(batch).hash)) return undefined;
      return this.#stop(cursor, lastSeq);
    }
    if (firstSeq > cursor.throughSeq + 1) {
      if (checkpoint === undefined) return this.#keepPending(batch, payload);
      await this.#nameGap(cursor, batch);
    }
    const skip = cursor.throughSeq + 1 - firstSeq;
    const before = skip > 0 ? batch.hashes[skip - 1] : this.#parts.suite.base64urlDecode(batch.header.prevHash);
    if (!isAt(cursor, before)) return this.#stop(cursor, cursor.throughSeq);
    for (let at = skip; at < count; at += 1) {
      this.#fresh.push({
        cursor,
        seq: firstSeq + at,
        bytes: batch.entries[at] as Uint8Array,
        hash: batch.hashes[at] as Uint8Array,
        heard: at === skip ? heard : undefined,
      });
    }
    Object.assign(cursor, {
      throughSeq: lastSeq,
      headHash: batchHead(batch).hash,
      signedSeq: lastSeq,
      keyId: batch.header.keyId,
      signature: this.#parts.suite.base64urlDecode(batch.header.sig),
    });
    this.cursors.changed(cursor);
    await this.#linkPending(cursor);
    return undefined;
  }

  /** Writes what is gathered. @returns the entries that are new since the last time. */
  async write(): Promise<readonly LinkedEntry[]> {
    await this.#flush();
    const written = this.#written;
    this.#written = [];
    return written;
  }

  async #flush(): Promise<void> {
    if (this.#fresh.length > 0) {
      const { suite, nowMs } = this.#parts;
      let entryId = await firstEntryId(this.#trx);
      const rows: unknown[][] = [];
      for (const { cursor, seq, bytes, hash, heard } of this.#fresh) {
        const json = jsonOf(suite, bytes);
        const { id: epochId, source, epoch } = cursor;
        rows.push([entryId, epochId, seq, kindOf(json), bytes, hash, nowMs]);
        this.#written.push({ entryId, source, epoch, seq, bytes, json, heard });
        entryId += 1;
      }
      this.#fresh = [];
      await insertMany(this.#trx, 'entry', ENTRY, rows);
    }
    await this.cursors.write(this.#trx);
  }

  async #hashAt(cursor: Cursor, seq: number): Promise<Uint8Array | undefined> {
    const fresh = this.#fresh.find((one) => one.cursor === cursor && one.seq === seq);
    if (fresh !== undefined) return fresh.hash;
    const row = await this.#trx
      .selectFrom('entry')
      .select('hash')
      .where('epochId', '=', cursor.id)
      .where('seq', '=', seq)
      .executeTakeFirst();
    return row?.hash;
  }

  async #stop(cursor: Cursor, seq: number): Promise<ErrorCode> {
    const { source, epoch } = cursor;
    cursor.stopped = 'log-fork';
    this.cursors.changed(cursor);
    await this.#flush();
    await raiseAlarm(this.#trx, {
      code: 'log-fork',
      subject: source,
      detail: `epoch ${epoch} stopped: another entry claims seq ${seq}`,
      at: this.#parts.nowMs,
    });
    await this.#parts.own.append(this.#trx, 'log.fork', { source, epoch, seq: Math.max(1, seq), code: 'log-fork' });
    return 'log-fork';
  }

  /** The terminal pruned what is missing here, and proves its chain at that place: the gap is named, and it goes on. */
  async #nameGap(cursor: Cursor, batch: Batch): Promise<void> {
    const { suite, own, nowMs } = this.#parts;
    const { source, epoch, firstSeq } = batch.header;
    const [fromSeq, throughSeq] = [cursor.throughSeq + 1, firstSeq - 1];
    const hash = suite.base64urlDecode(batch.header.prevHash);
    await this.#flush();
    await this.#trx.insertInto('gap').values({ epochId: cursor.id, fromSeq, throughSeq, hash, at: nowMs }).execute();
    await raiseAlarm(this.#trx, {
      code: 'log-gap',
      subject: source,
      detail: `epoch ${epoch}: entries ${fromSeq} to ${throughSeq} exist nowhere any more`,
      at: nowMs,
    });
    await own.append(this.#trx, 'log.gap', { source, epoch, fromSeq, throughSeq });
    cursor.throughSeq = throughSeq;
    cursor.headHash = hash;
  }

  async #keepPending(batch: Batch, payload: Uint8Array): Promise<ErrorCode> {
    const { source, epoch, firstSeq, count } = batch.header;
    const { total } = await this.#trx
      .selectFrom('pending')
      .select((e) => e.fn.countAll<number>().as('total'))
      .where('source', '=', source)
      .where('epoch', '=', epoch)
      .executeTakeFirstOrThrow();
    if (total >= MAX_PENDING) return 'pending-full';
    await this.#trx
      .insertInto('pending')
      .values({
        source,
        epoch,
        firstSeq,
        lastSeq: firstSeq + count - 1,
        headHash: batchHead(batch).hash,
        payload,
        receivedAt: this.#parts.nowMs,
      })
      .onConflict((c) => c.columns(['source', 'epoch', 'firstSeq', 'lastSeq']).doNothing())
      .execute();
    this.#waiting.add(`${source} ${epoch}`);
    return 'batch-pending';
  }

  /** What waited may link now. Each was checked, signature and all, before it was kept. */
  async #linkPending({ source, epoch, throughSeq }: Cursor): Promise<void> {
    if (!this.#waiting.has(`${source} ${epoch}`)) return;
    const row = await this.#trx
      .selectFrom('pending')
      .select(['id', 'payload'])
      .where('source', '=', source)
      .where('epoch', '=', epoch)
      .where('firstSeq', '<=', throughSeq + 1)
      .orderBy('firstSeq')
      .executeTakeFirst();
    if (row === undefined) return;
    await this.#trx.deleteFrom('pending').where('id', '=', row.id).execute();
    const cursor = await this.cursors.of(this.#trx, source, epoch, this.#parts.nowMs);
    await this.link({ batch: decodeBatch(this.#parts.suite, row.payload), payload: row.payload });
    // A batch that brought something has asked for the next one itself.
    if (cursor.throughSeq === throughSeq) await this.#linkPending(cursor);
  }
}

/** The bytes as JSON; undefined where they are none. */
function jsonOf(suite: Suite, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(suite.utf8Decode(bytes));
  } catch {
    return undefined;
  }
}

/** For finding entries only; what an entry means is read by the projection. */
function kindOf(json: unknown): string {
  const kind = (json as { kind?: unknown } | null | undefined)?.kind;
  return typeof kind === 'string' ? kind.slice(0, 40) : '?';
}
