/** The secrets of the local interface: made anew at each start, and read from files by those who may. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
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

/** Whether an Authorization header carries the secret; takes the same time wherever it differs. */
export function carriesSecret(authorization: string | undefined, secret: string): boolean {
  const given = /^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
