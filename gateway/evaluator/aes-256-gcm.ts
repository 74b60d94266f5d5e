/** AES-256-GCM (NIST SP 800-38D): `1 ‖ nonce (12) ‖ ciphertext ‖ tag (16)`, the context as additional data. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PjqError } from '../../protocol/index.js';
import type { SealSuite } from './seal-suite.js';

const FORM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LEAST_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

export const aes256Gcm: SealSuite = {
  name: 'aes-256-gcm',
  seal(key, text, context) {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    return Buffer.concat([Buffer.of(FORM), nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  },
  open(key, sealed, context) {
    if (sealed.length < LEAST_BYTES || sealed[0] !== FORM) throw new PjqError('evaluator-damaged');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    // All of the text comes at once: in this mode nothing is left for the end, and no copy is made.
    const text = decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES));
    try {
      decipher.final();
      return text;
    } catch (cause) {
      throw new PjqError('evaluator-damaged', undefined, { cause });
    }
  },
};
