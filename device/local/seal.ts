/**
 * What the citizen's screen and the terminal must tell each other of a level travels sealed: no request, answer
 * or event holds one in the clear, and all have the same length (I6). The key comes from the screen's secret.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { PjqError } from '../../protocol/index.js';

const INFO = 'pjq/choice/v1';
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Longer than the longest choice: a level and eight reasons. */
const PLAIN_BYTES = 96;

export class Seal {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', Buffer.from(secret), Buffer.alloc(0), Buffer.from(INFO), KEY_BYTES));
  }

  /** base64url of iv ‖ ciphertext ‖ tag; the plaintext is JSON padded with spaces to 96 bytes. */
  close(value: unknown): string {
    const plain = Buffer.alloc(PLAIN_BYTES, ' ');
    const json = Buffer.from(JSON.stringify(value));
    if (json.length > PLAIN_BYTES) throw new RangeError('too long to be sealed');
    json.copy(plain);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv);
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws PjqError `request-malformed` when it was not sealed under this secret. */
  open(sealed: string): unknown {
    const bytes = Buffer.from(sealed, 'base64url');
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      return JSON.parse(plain.toString('utf8')) as unknown;
    } catch (cause) {
      throw new PjqError('request-malformed', 'sealed: was not sealed under the secret of this start', { cause });
    }
  }
}
