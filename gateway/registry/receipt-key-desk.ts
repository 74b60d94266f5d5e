/** What an operator does with receipt keys: each change of the file, and its word in the own log. */
import { timingSafeEqual } from 'node:crypto';
import { PjqError, receiptKeyDigest, type Clock, type SharedReceiptKey, type Suite } from '../../protocol/index.js';
import type { Store, Trx } from '../store/store.js';
import { readReceiptKeys, writeReceiptKeys, type ReceiptKeyRow } from './receipt-key-file.js';

export interface ReceiptKeyDeskParts {
  readonly store: Pick<Store, 'db' | 'own'>;
  readonly file: string;
  readonly suite: Suite;
  readonly clock: Clock;
}

/** A key as it may be shown. */
export interface ListedKey {
  readonly terminal: string;
  readonly terminalNumber: number;
  readonly keyNumber: number;
  readonly state: 'good' | 'retired' | 'revoked';
  /** When it came into that state. */
  readonly since: number;
  readonly digest: string;
}

export class ReceiptKeyDesk {
  readonly #parts: ReceiptKeyDeskParts;

  constructor(parts: ReceiptKeyDeskParts) {
    this.#parts = parts;
  }

  /**
   * Gives a terminal a receipt key, beside those that it has. The same key again changes nothing.
   * @throws PjqError `terminal-unknown`, `receipt-key-taken`, `config-invalid`.
   */
  async add(terminal: string, shared: SharedReceiptKey): Promise<void> {
    await this.#change(terminal, (keys, trx) => this.#withKey(trx, keys, terminal, shared));
  }

  /**
   * Gives a terminal its next key. The ones before are good for the codes of the days until now, and so long as a
   * service of those days may be rated; for no code of a later day.
   * @throws PjqError `terminal-unknown`, `receipt-key-taken`, `config-invalid`.
   */
  async rotate(terminal: string, shared: SharedReceiptKey): Promise<void> {
    const now = this.#parts.clock.wallMs();
    await this.#change(terminal, async (keys, trx) => {
      const withNext = await this.#withKey(trx, keys, terminal, shared);
      return withNext.map((row) =>
        row.terminal === terminal && row.keyNumber !== shared.keyNumber ? { retiredAt: now, ...row } : row,
      );
    });
  }

  /** From now on no code made with it is taken. @throws PjqError `receipt-key-unknown`, `config-invalid`. */
  async revoke(terminal: string, keyNumber: number): Promise<void> {
    const { store, clock } = this.#parts;
    await this.#change(terminal, async (keys, trx) => {
      const found = keys.find((row) => row.terminal === terminal && row.keyNumber === keyNumber);
      if (found === undefined || found.revokedAt !== undefined)
        throw new PjqError('receipt-key-unknown', `terminal ${terminal}, key ${keyNumber}`);
      const { terminalNumber } = found;
      await store.own.append(trx, 'receipt-key.revoked', { terminal, terminalNumber, keyNumber });
      return keys.map((row) => (row === found ? { ...row, revokedAt: clock.wallMs() } : row));
    });
  }

  /** All keys, never what they are. @throws PjqError `config-invalid`. */
  list(): ListedKey[] {
    const { file, suite } = this.#parts;
    return readReceiptKeys(file).map(({ terminal, terminalNumber, keyNumber, key, addedAt, retiredAt, revokedAt }) => ({
      terminal,
      terminalNumber,
      keyNumber,
      state: revokedAt !== undefined ? 'revoked' : retiredAt !== undefined ? 'retired' : 'good',
      since: revokedAt ?? retiredAt ?? addedAt,
      digest: receiptKeyDigest(suite, suite.base64urlDecode(key)),
    }));
  }

  /**
   * The log's word is written first, which also keeps every other writer waiting; the file before the commit, so that
   * no key is promised that is not there. Where the commit fails the file is what it was.
   */
  async #change(
    terminal: string,
    change: (keys: readonly ReceiptKeyRow[], trx: Trx) => Promise<readonly ReceiptKeyRow[]>,
  ): Promise<void> {
    const { store, file } = this.#parts;
    let before: readonly ReceiptKeyRow[] | undefined;
    try {
      await store.db.transaction().execute(async (trx) => {
        // Taken with the row of a terminal: two commands at a time would each write the file of its own.
        const { numUpdatedRows } = await trx
          .updateTable('terminal')
          .set((e) => ({ window: e.ref('window') }))
          .where('terminal', '=', terminal)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new PjqError('terminal-unknown', terminal);
        const keys = readReceiptKeys(file);
        const after = await change(keys, trx);
        if (after === keys) return;
        before = keys;
        writeReceiptKeys(file, after);
      });
    } catch (error) {
      if (before !== undefined) writeReceiptKeys(file, before);
      throw error;
    }
  }

  async #withKey(
    trx: Trx,
    keys: readonly ReceiptKeyRow[],
    terminal: string,
    { terminalNumber, keyNumber, key }: SharedReceiptKey,
  ): Promise<readonly ReceiptKeyRow[]> {
    const { store, suite, clock } = this.#parts;
    const same = keys.find((row) => timingSafeEqual(suite.base64urlDecode(row.key), key));
    if (same !== undefined) {
      const isIt = same.terminal === terminal && same.terminalNumber === terminalNumber && same.keyNumber === keyNumber;
      if (isIt && same.revokedAt === undefined) return keys;
      throw new PjqError('receipt-key-taken', `This very key is key ${same.keyNumber} of terminal ${same.terminal}.`);
    }
    const taken = keys.find(
      (row) => row.terminalNumber === terminalNumber && (row.terminal !== terminal || row.keyNumber === keyNumber),
    );
    if (taken !== undefined)
      throw new PjqError(
        'receipt-key-taken',
        `Terminal number ${terminalNumber} has key ${taken.keyNumber}, of ${taken.terminal}.`,
      );
    const digest = receiptKeyDigest(suite, key);
    await store.own.append(trx, 'receipt-key.added', { terminal, terminalNumber, keyNumber, digest });
    const row = { terminal, terminalNumber, keyNumber, key: suite.base64urlEncode(key), addedAt: clock.wallMs() };
    return [...keys, row];
  }
}
