/** The key under which this terminal's receipt codes are made: a file of its own, never in the database. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { PjqError, RECEIPT_KEY_BYTES } from '../../protocol/index.js';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';

export const RECEIPT_KEY_FILE = 'receipt-key';
const OWNER_ONLY = 0o600;
const LAST_NUMBER = 255;

export interface ReceiptKey {
  readonly keyNumber: number;
  readonly key: Uint8Array;
}

/**
 * Reads `{keyNumber}:{32 bytes in base64url}`, making key 1 where the file is missing.
 * @throws PjqError `config-invalid`.
 */
export function openReceiptKey(file: string): ReceiptKey {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeKey(file, newKey(1));
  }
  const [, number, key] = /^(\d{1,3}):([A-Za-z0-9_-]{43})$/.exec(readFileSync(file, 'utf8').trim()) ?? [];
  if (number === undefined || key === undefined || Number(number) > LAST_NUMBER) {
    throw new PjqError(
      'config-invalid',
      `\n${file}: must be a key number from 0 to ${LAST_NUMBER}, a colon and 43 base64url characters`,
    );
  }
  return { keyNumber: Number(number), key: Buffer.from(key, 'base64url') };
}

/**
 * Puts a new key of the next number in the place of the present one. A terminal at work goes on with the one before
 * until it is started again: that leaves the time to register this one.
 * @throws PjqError `config-invalid`.
 */
export function nextReceiptKey(file: string): ReceiptKey {
  const next = newKey((openReceiptKey(file).keyNumber + 1) % (LAST_NUMBER + 1));
  writeKey(file, next);
  return next;
}

function newKey(keyNumber: number): ReceiptKey {
  return { keyNumber, key: randomBytes(RECEIPT_KEY_BYTES) };
}

function writeKey(file: string, { keyNumber, key }: ReceiptKey): void {
  writeFileAtomic(file, `${keyNumber}:${Buffer.from(key).toString('base64url')}\n`, OWNER_ONLY);
}
