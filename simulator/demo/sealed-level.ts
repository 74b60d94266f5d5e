/**
 * A level as the terminal's own screen sends it: sealed, so that no request holds one in the clear (I6).
 * key = HKDF-SHA256(kiosk secret, no salt, `pjq/choice/v1`); base64url(iv ‖ AES-256-GCM ciphertext ‖ tag) of JSON
 * padded with spaces to 96 bytes, so that all have one length.
 */
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Level } from '../../protocol/index.js';

const PLAIN_BYTES = 96;

export function sealLevel(kioskSecret: string, level: Level): string {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(kioskSecret), Buffer.alloc(0), 'pjq/choice/v1', 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const plain = Buffer.from(JSON.stringify({ level }).padEnd(PLAIN_BYTES, ' '));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}
