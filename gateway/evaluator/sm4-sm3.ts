/**
 * SM4-CBC (GB/T 32907) with an HMAC of SM3 (GB/T 32905), for halls that must use 国密: Node 20 has no SM4-GCM.
 * Encrypt, then authenticate, with two keys that are derived from one: `1 ‖ iv (16) ‖ ciphertext ‖ mac (32)`. The mac
 * covers the context with its length before it, and everything that is stored; it is compared before anything is
 * deciphered, so that no answer tells of the padding.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { PjqError } from '../../protocol/index.js';
import type { SealSuite } from './seal-suite.js';

const FORM = 1;
const BLOCK_BYTES = 16;
const MAC_BYTES = 32;
const LEAST_BYTES = 1 + BLOCK_BYTES + BLOCK_BYTES + MAC_BYTES;

export const sm4Sm3: SealSuite = {
  name: 'sm4-sm3',
  seal(key, text, context) {
    const iv = randomBytes(BLOCK_BYTES);
    const cipher = createCipheriv('sm4-cbc', cipherKey(key), iv);
    const stored = Buffer.concat([Buffer.of(FORM), iv, cipher.update(text), cipher.final()]);
    return Buffer.concat([stored, mac(key, stored, context)]);
  },
  open(key, sealed, context) {
    if (sealed.length < LEAST_BYTES || sealed[0] !== FORM) throw new PjqError('evaluator-damaged');
    const stored = sealed.subarray(0, -MAC_BYTES);
    if (!timingSafeEqual(mac(key, stored, context), sealed.subarray(-MAC_BYTES)))
      throw new PjqError('evaluator-damaged');
    const iv = stored.subarray(1, 1 + BLOCK_BYTES);
    const decipher = createDecipheriv('sm4-cbc', cipherKey(key), iv);
    const parts = [decipher.update(stored.subarray(1 + BLOCK_BYTES)), decipher.final()];
    const text = Buffer.concat(parts);
    for (const part of parts) part.fill(0);
    return text;
  },
};

function cipherKey(key: Uint8Array): Buffer {
  return createHmac('sm3', key).update('pjq/sm4-sm3/v1/encrypt').digest().subarray(0, BLOCK_BYTES);
}

function mac(key: Uint8Array, stored: Uint8Array, context: string): Buffer {
  const macKey = createHmac('sm3', key).update('pjq/sm4-sm3/v1/authenticate').digest();
  const contextBytes = Buffer.from(context);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(contextBytes.length);
  return createHmac('sm3', macKey).update(length).update(contextBytes).update(stored).digest();
}
