/** PINs of the staff: only a slow hash of one is ever kept, as text in the hall file. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 16 MB and about a tenth of a second on a Raspberry Pi 4; a PIN has few digits, so trying them must cost something. */
const COST = { N: 16_384, r: 8, p: 1 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** What a hash may ask of this machine. */
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

const PIN = /^\d{4,12}$/;
const HASH = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9_-]{16,64})\$([A-Za-z0-9_-]{43})$/;

interface ReadHash {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** Whether a text can be a PIN: 4 to 12 digits. */
export function isPin(text: string): boolean {
  return PIN.test(text);
}

/** Whether a text is a hash that this machine can check. */
export function isPinHash(text: string): boolean {
  return readHash(text) !== null;
}

/** The hall file's text for a PIN: `scrypt$N$r$p$salt$hash`, base64url. @throws RangeError unless it is 4 to 12 digits. */
export async function pinHash(pin: string): Promise<string> {
  if (!isPin(pin)) throw new RangeError('a PIN has 4 to 12 digits');
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(pin, { ...COST, salt });
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes the same time wherever it differs, and none of this thread's. */
export async function pinMatches(pin: string, hash: string): Promise<boolean> {
  const read = readHash(hash);
  return read !== null && timingSafeEqual(await derive(pin, read), read.key);
}

function readHash(text: string): ReadHash | null {
  const parts = HASH.exec(text);
  if (parts === null) return null;
  const [N = 0, r = 0, p = 0] = parts.slice(1, 4).map(Number);
  const powerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  if (!powerOfTwo || r < 1 || p < 1 || p > 4 || 128 * N * r > MAX_MEMORY_BYTES / 2) return null;
  return { N, r, p, salt: Buffer.from(parts[4] ?? '', 'base64url'), key: Buffer.from(parts[5] ?? '', 'base64url') };
}

function derive(pin: string, { N, r, p, salt }: Omit<ReadHash, 'key'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, KEY_BYTES, { N, r, p, maxmem: MAX_MEMORY_BYTES }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
