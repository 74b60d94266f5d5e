/**
 * The gateway as a log source: configuration, requests, voids, decisions and audit stand in the same table
 * as the terminals' entries, in a chain of their own. The cursor is the epoch's row, locked by the
 * transaction that appends, so that several processes may append.
 */
import type { Kysely } from 'kysely';
import {
  encodeEntry,
  genesisHash,
  headMessage,
  nextHash,
  type EntryBody,
  type EntryKind,
} from '../../protocol/index.js';
import { insertMany } from './bulk.js';
import { firstEntryId } from './dialect.js';
import type { HallDatabase } from './schema.js';
import type { StoreParts, Trx } from './store.js';

const META_STORE_ID = 'storeId';
const META_GENERATION = 'generation';

/** An entry that was appended, and its row. */
export interface Appended {
  readonly entryId: number;
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What is to be appended. */
export type Said = { readonly [K in EntryKind]: { readonly kind: K; readonly body: EntryBody<K> } }[EntryKind];

export class OwnLog {
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** First start: a store identity; and a first epoch for each gateway that writes here, also for one that was renamed. */
  async open(trx: Trx): Promise<void> {
    const { randomness, source, version } = this.#parts;
    const known = await readMeta(trx, META_STORE_ID);
    if (known === undefined) {
      await writeMeta(trx, META_STORE_ID, randomness.newId());
      await writeMeta(trx, META_GENERATION, '1');
    }
    const epoch = await trx.selectFrom('epoch').select('id').where('source', '=', source).executeTakeFirst();
    if (epoch !== undefined) return;
    await this.#openEpoch(trx, 'first', null);
    await this.append(trx, 'store.opened', { ...(await this.identity(trx)), version });
  }

  async identity(db: Kysely<HallDatabase>): Promise<{ storeId: string; generation: number }> {
    const rows = await db.selectFrom('meta').selectAll().where('key', 'in', [META_STORE_ID, META_GENERATION]).execute();
    const said = new Map(rows.map(({ key, value }) => [key, value]));
    const [storeId, generation] = [said.get(META_STORE_ID), said.get(META_GENERATION)];
    if (storeId === undefined || generation === undefined) throw new Error('the store has no identity');
    return { storeId, generation: Number(generation) };
  }

  /**
   * The database turned out to be an older copy of itself: a new identity of a higher generation, which
   * alone may move acknowledgements back, and a new epoch that names the chain it goes on from.
   */
  async restored(
    trx: Trx,
    evidence: string,
    atLeastGeneration: number,
  ): Promise<{ storeId: string; generation: number }> {
    const { generation: before } = await this.identity(trx);
    const generation = Math.max(before, atLeastGeneration) + 1;
    const storeId = this.#parts.randomness.newId();
    const epoch = await this.#epochRow(trx);
    await writeMeta(trx, META_STORE_ID, storeId);
    await writeMeta(trx, META_GENERATION, String(generation));
    await this.#openEpoch(trx, 'restored', {
      epoch: epoch.epoch,
      seq: epoch.throughSeq,
      hash: this.#parts.suite.base64urlEncode(epoch.headHash),
    });
    await this.append(trx, 'store.restored', { storeId, generation, evidence: evidence.slice(0, 300) });
    return { storeId, generation };
  }

  /** Appends an entry within the caller's transaction; answers its row id. */
  async append<K extends EntryKind>(trx: Trx, kind: K, body: EntryBody<K>): Promise<Appended> {
    const [appended] = await this.appendAll(trx, kind, [body]);
    return appended as Appended;
  }

  /** Appends entries of one kind, in their order; one signature covers them. */
  async appendAll<K extends EntryKind>(trx: Trx, kind: K, bodies: readonly EntryBody<K>[]): Promise<Appended[]> {
    return this.appendEach(
      trx,
      bodies.map((body) => ({ kind, body }) as Said),
    );
  }

  /** Appends entries of any kinds, in their order; one signature covers them. */
  async appendEach(trx: Trx, entries: readonly Said[]): Promise<Appended[]> {
    if (entries.length === 0) return [];
    const { suite, signer, clock, bootId, source } = this.#parts;
    const { id: epochId, epoch, throughSeq, headHash } = await this.#epochRow(trx);
    const [at, mono] = [clock.wallMs(), clock.monoMs()];
    let [entryId, seq, hash] = [await firstEntryId(trx), throughSeq, headHash];
    const rows: unknown[][] = [];
    const appended: Appended[] = [];
    for (const { kind, body } of entries) {
      seq += 1;
      const bytes = encodeEntry(suite, { source, epoch, seq, kind, at, bootId, mono, clock: 'synced', body });
      hash = nextHash(suite, hash, bytes);
      rows.push([entryId, epochId, seq, kind, bytes, hash, at]);
      appended.push({ entryId, epoch, seq, at, bytes });
      entryId += 1;
    }
    await insertMany(trx, 'entry', ['id', 'epochId', 'seq', 'kind', 'bytes', 'hash', 'receivedAt'], rows);
    const signature = signer.sign(headMessage(suite, { source, epoch, seq, hash }));
    await trx
      .updateTable('epoch')
      .set({ throughSeq: seq, headHash: hash, signedSeq: seq, keyId: signer.keyId, signature })
      .where('id', '=', epochId)
      .execute();
    return appended;
  }

  async #epochRow(trx: Trx) {
    return trx
      .selectFrom('epoch')
      .select(['id', 'epoch', 'throughSeq', 'headHash'])
      .where('source', '=', this.#parts.source)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
  }

  async #openEpoch(
    trx: Trx,
    cause: EntryBody<'epoch'>['cause'],
    ancestor: EntryBody<'epoch'>['ancestor'],
  ): Promise<void> {
    const { suite, randomness, clock, source, signer } = this.#parts;
    const epoch = randomness.newId();
    await trx
      .insertInto('epoch')
      .values({
        source,
        epoch,
        throughSeq: 0,
        headHash: genesisHash(suite, source, epoch),
        signedSeq: null,
        keyId: null,
        signature: null,
        stopped: null,
        openedAt: clock.wallMs(),
      })
      .execute();
    await this.append(trx, 'epoch', { cause, ancestor, keyId: signer.keyId });
  }
}

async function readMeta(db: Kysely<HallDatabase>, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value;
}

async function writeMeta(trx: Trx, key: string, value: string): Promise<void> {
  await trx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute();
}
