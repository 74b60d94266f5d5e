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
import type { HallDatabase } from './schema.js';
import type { StoreParts, Trx } from './store.js';

const META_STORE_ID = 'storeId';
const META_GENERATION = 'generation';

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
    const storeId = await readMeta(db, META_STORE_ID);
    const generation = await readMeta(db, META_GENERATION);
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
  async append<K extends EntryKind>(
    trx: Trx,
    kind: K,
    body: EntryBody<K>,
  ): Promise<{ entryId: number; epoch: string; seq: number; at: number }> {
    const { suite, signer, clock, bootId, source } = this.#parts;
    const row = await this.#epochRow(trx);
    const seq = row.throughSeq + 1;
    const at = clock.wallMs();
    const bytes = encodeEntry(suite, {
      source,
      epoch: row.epoch,
      seq,
      kind,
      at,
      bootId,
      mono: clock.monoMs(),
      clock: 'synced',
      body,
    });
    const hash = nextHash(suite, row.headHash, bytes);
    const signature = signer.sign(headMessage(suite, { source, epoch: row.epoch, seq, hash }));
    const { id } = await trx
      .insertInto('entry')
      .values({ epochId: row.id, seq, kind, bytes, hash, receivedAt: at })
      .returning('id')
      .executeTakeFirstOrThrow();
    await trx
      .updateTable('epoch')
      .set({ throughSeq: seq, headHash: hash, signedSeq: seq, keyId: signer.keyId, signature })
      .where('id', '=', row.id)
      .execute();
    return { entryId: id, epoch: row.epoch, seq, at };
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
