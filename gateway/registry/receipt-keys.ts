/**
 * The receipt keys at work: whether a code was made by one of the hall's terminals, told without the database. The file
 * is the truth: it is looked at again now and then, so that a new or revoked key needs no restart. While it cannot be
 * read, what was read before goes on.
 */
import { statSync } from 'node:fs';
import { PjqError, verifyReceiptToken, type Clock, type ReceiptClaim, type Suite } from '../../protocol/index.js';
import { readReceiptKeys, type ReceiptKeyRow } from './receipt-key-file.js';

const DAY_MS = 86_400_000;
/** A key that was revoked is taken for so long at most. */
const LOOK_MS = 1_000;

/** What a code says that a terminal of this hall made. */
export interface KnownClaim extends ReceiptClaim {
  readonly terminal: string;
  /** Its key has been replaced: it is good for services of the days until then. */
  readonly isRetired: boolean;
}

export interface ReceiptKeysParts {
  readonly file: string;
  readonly suite: Suite;
  readonly clock: Clock;
  /** Hears of a file that is none, once each time that it was replaced by one. */
  readonly onFault?: (error: unknown) => void;
}

interface UsableKey {
  readonly row: ReceiptKeyRow;
  readonly key: Uint8Array;
}

export class ReceiptKeys {
  readonly #parts: ReceiptKeysParts;
  #keys: ReadonlyMap<number, ReadonlyMap<number, UsableKey>>;
  #version: string;
  #faulty = '';
  #lookedAt: number;

  /** @throws PjqError `config-invalid` when the file is no file of receipt keys, or open to others. */
  constructor(parts: ReceiptKeysParts) {
    this.#parts = parts;
    this.#version = versionOf(parts.file);
    this.#keys = byNumbers(readReceiptKeys(parts.file));
    this.#lookedAt = parts.clock.monoMs();
  }

  /**
   * What a code says. The proof is looked at before anything is told of the key: only of a code that is no forgery.
   * @throws PjqError `token-malformed`, `token-foreign`, `token-key-unknown`, `token-forged`; of a true code
   *   `token-key-revoked`, as `RevokedKey`.
   */
  verify(token: string): KnownClaim {
    const keys = this.#fresh();
    let used: UsableKey | undefined;
    const claim = verifyReceiptToken(this.#parts.suite, token, (terminalNumber, keyNumber) => {
      const ofTerminal = keys.get(terminalNumber);
      if (ofTerminal === undefined) throw new PjqError('token-foreign', `terminal number ${terminalNumber}`);
      used = ofTerminal.get(keyNumber);
      return used?.key;
    });
    const { terminal, retiredAt, revokedAt } = (used as UsableKey).row;
    if (revokedAt !== undefined || (retiredAt !== undefined && claim.dayMs > lastDayOf(retiredAt)))
      throw new RevokedKey(terminal);
    return { ...claim, terminal, isRetired: retiredAt !== undefined };
  }

  #fresh(): ReadonlyMap<number, ReadonlyMap<number, UsableKey>> {
    const { file, clock, onFault } = this.#parts;
    const now = clock.monoMs();
    if (Math.abs(now - this.#lookedAt) < LOOK_MS) return this.#keys;
    this.#lookedAt = now;
    const version = versionOf(file);
    if (version === '' || version === this.#version) return this.#keys;
    try {
      this.#keys = byNumbers(readReceiptKeys(file));
      this.#version = version;
    } catch (error) {
      // Its rights may be mended, which leaves no trace in the version: it is read again at every look.
      if (version !== this.#faulty) onFault?.(error);
      this.#faulty = version;
    }
    return this.#keys;
  }
}

/** A code that a terminal made, with a key that is not good any more. */
export class RevokedKey extends PjqError {
  readonly terminal: string;

  constructor(terminal: string) {
    super('token-key-revoked', `terminal ${terminal}`);
    this.terminal = terminal;
  }
}

/** Codes are dated by the terminal's clock in UTC: the day after is theirs as well. */
function lastDayOf(retiredAt: number): number {
  return Math.floor(retiredAt / DAY_MS) * DAY_MS + DAY_MS;
}

function byNumbers(rows: readonly ReceiptKeyRow[]): ReadonlyMap<number, ReadonlyMap<number, UsableKey>> {
  const keys = new Map<number, Map<number, UsableKey>>();
  for (const row of rows) {
    const ofTerminal = keys.get(row.terminalNumber) ?? new Map<number, UsableKey>();
    keys.set(row.terminalNumber, ofTerminal.set(row.keyNumber, { row, key: Buffer.from(row.key, 'base64url') }));
  }
  return keys;
}

/** Empty where there is no file. */
function versionOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.size}`;
}
