/**
 * The token in a receipt's QR code. The terminal makes it offline; the gateway verifies it (design: the phone page).
 *
 * 32 bytes, 43 base64url characters:
 *   0      version, 1
 *   1–4    terminal number, big-endian
 *   5      number of the terminal's receipt key
 *   6–13   service reference: the first 64 bits of the digest of the serviceId
 *   14–15  day of issue: whole days since 2020-01-01 UTC, big-endian; the token says no more of the time
 *   16–31  the first 128 bits of the HMAC-SHA256 over bytes 0–15 under the receipt key
 */
import { z } from 'zod';
import { PjqError } from './errors.js';
import type { Suite } from './suite.js';

const VERSION = 1;
const CLAIM_BYTES = 16;
const TOKEN_BYTES = 32;
const REFERENCE_BYTES = 8;
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2020, 0, 1);
const LAST_DAY = 0xffff;

/** Key of the HMAC, bytes. */
export const RECEIPT_KEY_BYTES = 32;

/** 43 base64url characters; the last one carries two bits that must be zero, so that one token has one spelling. */
export const receiptTokenSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, "must be the 43 characters of a receipt's code");

export const terminalNumberSchema = z.int().min(1).max(0xffff_ffff);
export const receiptKeyNumberSchema = z.int().min(0).max(255);

/** What a token says. */
export interface ReceiptClaim {
  readonly terminalNumber: number;
  readonly keyNumber: number;
  /** 64 bits of the digest of the serviceId, base64url (11 characters). */
  readonly serviceReference: string;
  /** Start of the day of issue, ms since 1970, UTC. */
  readonly dayMs: number;
}

/** The reference under which a token names a service. */
export function serviceReferenceOf(suite: Suite, serviceId: string): string {
  return suite.base64urlEncode(reference(suite, serviceId));
}

/**
 * A token for a service. `nowMs` is the wall clock; a clock that was never set gives the first or last day.
 * The same service, day and key give the same token, so that a slip printed again carries the same code.
 */
export function makeReceiptToken(
  suite: Suite,
  about: {
    readonly terminalNumber: number;
    readonly keyNumber: number;
    readonly key: Uint8Array;
    readonly serviceId: string;
    readonly nowMs: number;
  },
): string {
  const token = new Uint8Array(TOKEN_BYTES);
  const view = new DataView(token.buffer);
  view.setUint8(0, VERSION);
  view.setUint32(1, about.terminalNumber);
  view.setUint8(5, about.keyNumber);
  token.set(reference(suite, about.serviceId), 6);
  view.setUint16(14, dayOf(about.nowMs));
  token.set(proofOf(suite, about.key, token.subarray(0, CLAIM_BYTES)), CLAIM_BYTES);
  return suite.base64urlEncode(token);
}

/**
 * Checks a token under the key that its terminal shares with the registry.
 * @param keyOf the receipt key, or `undefined` when the registry has none of that number.
 * @throws PjqError `token-malformed`, `token-key-unknown`, `token-forged`.
 */
export function verifyReceiptToken(
  suite: Suite,
  text: string,
  keyOf: (terminalNumber: number, keyNumber: number) => Uint8Array | undefined,
): ReceiptClaim {
  if (!receiptTokenSchema.safeParse(text).success) throw new PjqError('token-malformed', 'not 43 base64url characters');
  const token = suite.base64urlDecode(text);
  const view = new DataView(token.buffer, token.byteOffset, token.byteLength);
  if (token.length !== TOKEN_BYTES || view.getUint8(0) !== VERSION) {
    throw new PjqError('token-malformed', `version ${view.getUint8(0)}`);
  }
  const claim: ReceiptClaim = {
    terminalNumber: view.getUint32(1),
    keyNumber: view.getUint8(5),
    serviceReference: suite.base64urlEncode(token.subarray(6, 6 + REFERENCE_BYTES)),
    dayMs: FIRST_DAY_MS + view.getUint16(14) * DAY_MS,
  };
  const key = keyOf(claim.terminalNumber, claim.keyNumber);
  if (key === undefined) {
    throw new PjqError('token-key-unknown', `terminal number ${claim.terminalNumber}, key ${claim.keyNumber}`);
  }
  if (!equal(token.subarray(CLAIM_BYTES), proofOf(suite, key, token.subarray(0, CLAIM_BYTES)))) {
    throw new PjqError('token-forged');
  }
  return claim;
}

/** Start of the day that a code made at a moment says, ms since 1970, UTC. */
export function receiptDayMs(nowMs: number): number {
  return FIRST_DAY_MS + dayOf(nowMs) * DAY_MS;
}

/** The address that a receipt's code holds: `{base}/{token}`. */
export function receiptUrl(base: string, token: string): string {
  return `${base.replace(/\/+$/, '')}/${token}`;
}

function dayOf(nowMs: number): number {
  return Math.min(LAST_DAY, Math.max(0, Math.floor((nowMs - FIRST_DAY_MS) / DAY_MS)));
}

function reference(suite: Suite, serviceId: string): Uint8Array {
  return suite.digest(suite.utf8Encode(`pjq/service-reference/v1\n${serviceId}`)).subarray(0, REFERENCE_BYTES);
}

function proofOf(suite: Suite, key: Uint8Array, claim: Uint8Array): Uint8Array {
  return suite.mac(key, suite.utf8Encode('pjq/receipt/v1\n'), claim).subarray(0, TOKEN_BYTES - CLAIM_BYTES);
}

/** Takes the same time wherever the two differ. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < b.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] as number);
  return difference === 0;
}
