/**
 * A terminal's receipt key as its program prints it for the registry, one line: `{terminal number}:{key number}:{key}`.
 * Whoever has the line can make codes of that terminal.
 */
import { PjqError } from './errors.js';
import { RECEIPT_KEY_BYTES, receiptKeyNumberSchema, terminalNumberSchema } from './receipt-token.js';
import type { Suite } from './suite.js';

export interface SharedReceiptKey {
  readonly terminalNumber: number;
  readonly keyNumber: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

const LINE = /^(\d{1,10}):(\d{1,3}):([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/;

export function receiptKeyLine(suite: Suite, { terminalNumber, keyNumber, key }: SharedReceiptKey): string {
  return `${terminalNumber}:${keyNumber}:${suite.base64urlEncode(key)}`;
}

/** @throws PjqError `request-malformed`; nothing of the line stands in it. */
export function parseReceiptKeyLine(suite: Suite, line: string): SharedReceiptKey {
  const [, number, keyNumber, key] = LINE.exec(line.trim()) ?? [];
  const shared = { terminalNumber: Number(number), keyNumber: Number(keyNumber) };
  if (
    key === undefined ||
    !terminalNumberSchema.safeParse(shared.terminalNumber).success ||
    !receiptKeyNumberSchema.safeParse(shared.keyNumber).success
  )
    throw new PjqError('request-malformed', 'It must be the line that `pjq-device receipt-key` prints.');
  return { ...shared, key: suite.base64urlDecode(key) };
}

/** Which key it is: proves that one is the same, and nothing can be made with it. */
export function receiptKeyDigest(suite: Suite, key: Uint8Array): string {
  if (key.length !== RECEIPT_KEY_BYTES) throw new RangeError(`a receipt key has ${RECEIPT_KEY_BYTES} bytes`);
  return suite.base64urlEncode(suite.digest(suite.utf8Encode('pjq/receipt-key/v1\n'), key));
}
