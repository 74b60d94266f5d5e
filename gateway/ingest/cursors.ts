/**
 * The cursors of the epochs that a group of messages touches: rows, loaded once within B's transaction and written
 * once before it ends. Between groups nothing of them is kept.
 */
import { equalBytes, genesisHash, type Suite } from '../../protocol/index.js';
import { insertMany, selectMany } from '../store/bulk.js';
import type { Trx } from '../store/store.js';

export interface Cursor {
  readonly id: number;
  readonly source: string;
  readonly epoch: string;
  readonly openedAt: number;
  throughSeq: number;
  headHash: Uint8Array;
  signedSeq: number | null;
  keyId: string | null;
  signature: Uint8Array | null;
  stopped: string | null;
}

/** Where an epoch stands, as an ack tells it. */
export type Place = Pick<Cursor, 'throughSeq' | 'headHash' | 'stopped'>;

const COLUMNS = [
  'id',
  'source',
  'epoch',
  'throughSeq',
  'headHash',
  'signedSeq',
  'keyId',
  'signature',
  'stopped',
  'openedAt',
] as const;
const CHANGES = ['throughSeq', 'headHash', 'signedSeq', 'keyId', 'signature', 'stopped'] as const;

export class Cursors {
  readonly #suite: Suite;
  readonly #cursors = new Map<string, Cursor | null>();
  readonly #changed = new Set<Cursor>();

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  /** Makes the cursors of epochs known; each must be, before it is asked for. */
  async load(trx: Trx, epochs: readonly (readonly [source: string, epoch: string])[]): Promise<void> {
    const missing = new Map(
      epochs.map((one) => [one.join(' '), one] as const).filter(([key]) => !this.#cursors.has(key)),
    );
    for (const key of missing.keys()) this.#cursors.set(key, null);
    for (const row of await selectMany(trx, 'epoch', COLUMNS, ['source', 'epoch'], [...missing.values()]))
      this.#cursors.set(`${row.source} ${row.epoch}`, row);
  }

  /** The cursor of an epoch; it is opened when its first batch comes. */
  async of(trx: Trx, source: string, epoch: string, nowMs: number): Promise<Cursor> {
    const known = this.#cursors.get(`${source} ${epoch}`);
    if (known != null) return known;
    const fresh = {
      source,
      epoch,
      throughSeq: 0,
      headHash: genesisHash(this.#suite, source, epoch),
      signedSeq: null,
      keyId: null,
      signature: null,
      stopped: null,
      openedAt: nowMs,
    };
    const { id } = await trx.insertInto('epoch').values(fresh).returning('id').executeTakeFirstOrThrow();
    const cursor = { id, ...fresh };
    this.#cursors.set(`${source} ${epoch}`, cursor);
    return cursor;
  }

  /** Where an epoch stands; at its genesis when nothing of it ever came. */
  place(source: string, epoch: string): Place {
    return (
      this.#cursors.get(`${source} ${epoch}`) ?? {
        throughSeq: 0,
        headHash: genesisHash(this.#suite, source, epoch),
        stopped: null,
      }
    );
  }

  changed(cursor: Cursor): void {
    this.#changed.add(cursor);
  }

  async write(trx: Trx): Promise<void> {
    const rows = Array.from(this.#changed, (cursor) => COLUMNS.map((column) => cursor[column]));
    this.#changed.clear();
    await insertMany(trx, 'epoch', COLUMNS, rows, { key: ['id'], update: CHANGES });
  }
}

export function isAt(cursor: Cursor, hash: Uint8Array | undefined): boolean {
  return hash !== undefined && equalBytes(hash, cursor.headHash);
}
