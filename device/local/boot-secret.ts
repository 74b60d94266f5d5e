/** The secrets of the local interface: made anew at each boot of the machine, and read from files by those who may. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PjqError } from '../../protocol/index.js';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';

/** `kiosk`: the citizen's screen. `staff`: the staff page and the counter PC. */
export type Role = 'kiosk' | 'staff';

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * The role's secret of this boot of the machine: 256 random bits in `{dataDir}/{role}-secret`, readable by the owner
 * only. A program that dies and starts again finds it there, so that the pages that are open go on by themselves.
 */
export function secretOfBoot(dataDir: string, role: Role, bootId: string): string {
  const file = join(dataDir, `${role}-secret`);
  const bootFile = `${file}.boot`;
  const kept = readIfThere(bootFile) === bootId ? readIfThere(file) : undefined;
  if (kept !== undefined && SECRET.test(kept) && (statSync(file).mode & 0o777) === OWNER_ONLY) return kept;
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  writeFileAtomic(file, secret, OWNER_ONLY);
  // After it: whoever dies in between makes another one.
  writeFileAtomic(bootFile, bootId, OWNER_ONLY);
  return secret;
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
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
