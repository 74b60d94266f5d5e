/** The registry of terminals and their log keys. Filled by a command, never from a message. */
import { nameSchema, PjqError, type Clock, type VerifySignatureLater } from '../../protocol/index.js';
import { keyIdOf, signatureCheckLater } from '../../protocol/runtime/node-suite.js';
import type { OwnLog } from '../store/own-log.js';
import type { Db, Trx } from '../store/store.js';

export interface RegistryParts {
  readonly db: Db;
  readonly own: OwnLog;
  readonly clock: Clock;
}

export class Registry {
  readonly #parts: RegistryParts;
  readonly #checks = new Map<string, VerifySignatureLater>();

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /**
   * Registers a terminal with its first log key. A key that stands here under its name already, the terminal itself
   * having been lost to damage, is taken as it is.
   * @param publicKey raw Ed25519 public key in base64url, as `pjq-device key` prints it.
   * @throws PjqError `terminal-exists`, `key-revoked`, `request-malformed`.
   */
  async addTerminal(terminal: string, window: string, publicKey: string): Promise<{ keyId: string }> {
    if (!nameSchema.safeParse(terminal).success)
      throw new PjqError('request-malformed', `terminal name ${JSON.stringify(terminal)}`);
    checkKey(publicKey);
    const { db, own, clock } = this.#parts;
    return db.transaction().execute(async (trx) => {
      const known = await trx
        .selectFrom('terminal')
        .select('terminal')
        .where('terminal', '=', terminal)
        .executeTakeFirst();
      if (known !== undefined) throw new PjqError('terminal-exists', terminal);
      const now = clock.wallMs();
      await trx
        .insertInto('terminal')
        .values({
          terminal,
          window,
          addedAt: now,
          state: 'lost',
          stateAt: now,
          session: null,
          duty: null,
          health: null,
        })
        .execute();
      await own.append(trx, 'terminal.added', { terminal, window });
      return (await keptKey(trx, terminal, publicKey)) ?? this.#insertKey(trx, terminal, publicKey);
    });
  }

  /** Gives a terminal a further key. @throws PjqError `terminal-unknown`, `request-malformed`. */
  async addKey(terminal: string, publicKey: string): Promise<{ keyId: string }> {
    checkKey(publicKey);
    return this.#parts.db.transaction().execute(async (trx) => {
      const known = await trx
        .selectFrom('terminal')
        .select('terminal')
        .where('terminal', '=', terminal)
        .executeTakeFirst();
      if (known === undefined) throw new PjqError('terminal-unknown', terminal);
      return this.#insertKey(trx, terminal, publicKey);
    });
  }

  /** From now on nothing signed with this key is taken. @throws PjqError `key-unknown`. */
  async revokeKey(keyId: string): Promise<void> {
    const { db, own, clock } = this.#parts;
    await db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable('terminalKey')
        .set({ revokedAt: clock.wallMs() })
        .where('keyId', '=', keyId)
        .where('revokedAt', 'is', null)
        .returning('terminal')
        .executeTakeFirst();
      if (row === undefined) throw new PjqError('key-unknown', keyId);
      await own.append(trx, 'key.revoked', { terminal: row.terminal, keyId });
    });
  }

  async terminals() {
    return this.#parts.db.selectFrom('terminal').selectAll().orderBy('terminal').execute();
  }

  /**
   * The check for a key that is valid for this terminal now.
   * @throws PjqError `key-unknown`, `key-revoked`.
   */
  async keysOf(terminal: string): Promise<(keyId: string) => VerifySignatureLater> {
    const rows = await this.#parts.db.selectFrom('terminalKey').selectAll().where('terminal', '=', terminal).execute();
    return (keyId) => {
      const row = rows.find((one) => one.keyId === keyId);
      if (row === undefined) throw new PjqError('key-unknown', keyId);
      if (row.revokedAt !== null) throw new PjqError('key-revoked', keyId);
      let check = this.#checks.get(keyId);
      if (check === undefined) {
        check = signatureCheckLater(row.publicKey);
        this.#checks.set(keyId, check);
      }
      return check;
    };
  }

  async #insertKey(trx: Trx, terminal: string, publicKey: string): Promise<{ keyId: string }> {
    const { own, clock } = this.#parts;
    const keyId = keyIdOf(publicKey);
    const known = await trx.selectFrom('terminalKey').select('terminal').where('keyId', '=', keyId).executeTakeFirst();
    if (known !== undefined) throw new PjqError('terminal-exists', `key ${keyId} belongs to ${known.terminal}`);
    await trx
      .insertInto('terminalKey')
      .values({ keyId, terminal, publicKey, addedAt: clock.wallMs(), revokedAt: null })
      .execute();
    await own.append(trx, 'key.added', { terminal, keyId });
    return { keyId };
  }
}

/** A key of a terminal that was not there until now. */
async function keptKey(trx: Trx, terminal: string, publicKey: string): Promise<{ keyId: string } | null> {
  const keyId = keyIdOf(publicKey);
  const known = await trx
    .selectFrom('terminalKey')
    .select('revokedAt')
    .where('keyId', '=', keyId)
    .where('terminal', '=', terminal)
    .executeTakeFirst();
  if (known === undefined) return null;
  if (known.revokedAt !== null) throw new PjqError('key-revoked', keyId);
  return { keyId };
}

function checkKey(publicKey: string): void {
  try {
    signatureCheckLater(publicKey);
  } catch (cause) {
    throw new PjqError('request-malformed', 'the public key must be a raw Ed25519 key in base64url (43 characters)', {
      cause,
    });
  }
}
