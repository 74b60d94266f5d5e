/**
 * The pass that case number and second factor are exchanged for: signed, of a quarter of an hour, for one service, by
 * its reference. 28 bytes: the reference (8), until when, in seconds (4), and 128 bits of their keyed digest; a letter
 * before them keeps it apart from a receipt's code, which begins otherwise and is longer.
 */
import { timingSafeEqual } from 'node:crypto';
import { PjqError } from '../../protocol/index.js';
import type { KeyedDigest } from './page-key.js';

export const PASS_MS = 15 * 60_000;
const FORM = /^w[A-Za-z0-9_-]{38}$/;
const [REFERENCE_BYTES, CLAIM_BYTES, PROOF_BYTES] = [8, 12, 16];

/** Whether it is one of these, rather than a receipt's code. */
export function isWindowPass(pass: string): boolean {
  return FORM.test(pass);
}

/** @param reference of the service, base64url (11 characters). */
export function makeWindowPass(digest: KeyedDigest, reference: string, untilMs: number): string {
  const claim = Buffer.alloc(CLAIM_BYTES);
  claim.set(Buffer.from(reference, 'base64url').subarray(0, REFERENCE_BYTES));
  claim.writeUInt32BE(Math.floor(untilMs / 1_000), REFERENCE_BYTES);
  return `w${Buffer.concat([claim, proofOf(digest, claim)]).toString('base64url')}`;
}

/** @returns the reference of the service. @throws PjqError `token-malformed`, `token-forged`, `window-pass-over`. */
export function readWindowPass(digest: KeyedDigest, pass: string, nowMs: number): string {
  if (!isWindowPass(pass)) throw new PjqError('token-malformed', 'no pass of a window');
  const bytes = Buffer.from(pass.slice(1), 'base64url');
  const claim = bytes.subarray(0, CLAIM_BYTES);
  // One pass has one spelling: the last character carries bits that say nothing.
  if (bytes.length !== CLAIM_BYTES + PROOF_BYTES || bytes.toString('base64url') !== pass.slice(1))
    throw new PjqError('token-malformed', 'no pass of a window');
  if (!timingSafeEqual(bytes.subarray(CLAIM_BYTES), proofOf(digest, claim))) throw new PjqError('token-forged');
  const untilMs = claim.readUInt32BE(REFERENCE_BYTES) * 1_000;
  // A clock that was set back by days makes no pass last longer.
  if (nowMs >= untilMs || untilMs > nowMs + PASS_MS) throw new PjqError('window-pass-over');
  return claim.subarray(0, REFERENCE_BYTES).toString('base64url');
}

function proofOf(digest: KeyedDigest, claim: Uint8Array): Buffer {
  return digest('window-pass', Buffer.from(claim).toString('base64url')).subarray(0, PROOF_BYTES);
}
