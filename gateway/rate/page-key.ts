/**
 * A secret of the page: what callers are recognised by, and what passes are signed with, is nothing to whoever has the
 * database alone. A file beside the database, readable by its owner only; when it is lost, passes of a quarter of an
 * hour are, too, and nothing else. Backups hold the database only.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PjqError } from '../../protocol/index.js';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';

export const PAGE_KEY_FILE = 'page-key';
const KEY_BYTES = 32;

/** A keyed digest: equal texts of one purpose have equal ones. 32 bytes. */
export type KeyedDigest = (purpose: string, text: string) => Buffer;

/** Opens the key of a data folder, making it at first use. @throws PjqError `config-invalid`. */
export function openPageKey(dataDir: string): KeyedDigest {
  const file = join(dataDir, PAGE_KEY_FILE);
  if (statSync(file, { throwIfNoEntry: false }) === undefined)
    writeFileAtomic(file, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, 0o600);
  return keyedDigest(readKey(file));
}

export function keyedDigest(key: Uint8Array): KeyedDigest {
  return (purpose, text) => createHmac('sha256', key).update(`pjq/page/${purpose}/v1\n${text}`).digest();
}

function readKey(file: string): Buffer {
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0)
    throw new PjqError(
      'config-invalid',
      `\n${file}: must be readable by its owner only, mode 0600 (got ${(mode & 0o777).toString(8)})`,
    );
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (key.length !== KEY_BYTES)
    throw new PjqError('config-invalid', `\n${file}: must be 32 bytes in base64url (got ${key.length} bytes)`);
  return key;
}
