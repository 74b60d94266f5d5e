/** The secrets of the local interface: made anew at each start, and read from files by those who may. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PjqError } from '../../protocol/index.js';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';

/** `kiosk`: the citizen's screen. `staff`: the staff page and the counter PC. */
export type Role = 'kiosk' | 'staff';

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

/** Makes a role's secret of 256 random bits and writes it to `{dataDir}/{role}-secret`, readable by the owner only. */
export function makeSecret(dataDir: string, role: Role): string {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  writeFileAtomic(join(dataDir, `${role}-secret`), secret, OWNER_ONLY);
  return secret;
}

/** The secret that a running terminal made last. @throws PjqError `config-invalid` when it was never started. */
export function readSecret(dataDir: string, role: Role): string {
  const file = join(dataDir, `${role}-secret`);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PjqError('config-invalid', `\n${file}: cannot be read; start the terminal first`, { cause });
  }
}

/** Whether an Authorization header carries the secret; takes the same time wherever it differs. */
export function carriesSecret(authorization: string | undefined, secret: string): boolean {
  const given = /^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
