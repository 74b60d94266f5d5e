/**
 * The file of wrapping keys: apart from the data folder, so that no backup of the database holds both the sealed data
 * and what opens it; readable by its owner only; replaced as a whole.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';
import { KEY_BYTES, SUITE_NAMES, type SuiteName } from './seal-suite.js';

const secretSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url');

const ringSchema = z
  .strictObject({
    v: z.literal(1),
    /** Of the key that new data is wrapped with. */
    active: z.string(),
    keys: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[0-9a-f]{16}$/),
          suite: z.enum(SUITE_NAMES),
          key: secretSchema,
          madeAt: z.int().min(0),
        }),
      )
      .min(1),
    /** For digests by which equal requests and phone numbers are recognised. It does not rotate. */
    digest: z.strictObject({ hash: z.enum(['sha256', 'sm3']), key: secretSchema }),
  })
  .refine(({ active, keys }) => keys.some(({ id }) => id === active), 'the active key is not among the keys')
  .refine(({ keys }) => new Set(keys.map(({ id }) => id)).size === keys.length, 'two keys have one id');
export type Ring = z.infer<typeof ringSchema>;
export type RingEntry = Ring['keys'][number];

/** A ring of one key. The digests are by the hash of the suite's family. */
export function newRing(suite: SuiteName, nowMs: number): Ring {
  const first = newKey(suite, nowMs);
  const hash = suite === 'sm4-sm3' ? 'sm3' : 'sha256';
  return { v: 1, active: first.id, keys: [first], digest: { hash, key: newSecret() } };
}

/** The ring with a further key, which is the active one. */
export function withNewKey(ring: Ring, suite: SuiteName, nowMs: number): Ring {
  const added = newKey(suite, nowMs);
  return { ...ring, active: added.id, keys: [...ring.keys, added] };
}

export function withoutKey(ring: Ring, keyId: string): Ring {
  return { ...ring, keys: ring.keys.filter(({ id }) => id !== keyId) };
}

/** @throws PjqError `config-invalid` when it cannot be read, is open to others, or is no ring. No fault repeats of it. */
export function readRing(file: string): Ring {
  const faults: string[] = [];
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0)
      faults.push(`must be readable by its owner only, mode 0600 (got ${(mode & 0o777).toString(8).padStart(4, '0')})`);
    const parsed = ringSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success && faults.length === 0) return parsed.data;
    if (!parsed.success) faults.push(`is no ring of keys: ${parsed.error.issues.map(placeOf).join(', ')}`);
  } catch (error) {
    // A parser quotes what it could not read.
    faults.push(error instanceof SyntaxError ? 'is not JSON' : `cannot be read (got ${(error as Error).message})`);
  }
  throw ringFault(...faults);
}

export function writeRing(file: string, ring: Ring): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileAtomic(file, `${JSON.stringify(ring, null, 2)}\n`, 0o600);
}

export function ringExists(file: string): boolean {
  return existsSync(file);
}

/** @throws PjqError `config-invalid` when the file would lie with the data that it opens, through whatever links. */
export function refuseBesideData(file: string, dataDir: string): void {
  const way = relative(realPath(dataDir), realPath(file));
  const inside = way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  if (inside) throw ringFault(`must lie outside dataDir, or it would be in its backups (got ${file})`);
}

export function ringFault(...faults: string[]): PjqError {
  return new PjqError('config-invalid', faults.map((fault) => `\nevaluator.keyFile: ${fault}`).join(''));
}

function newKey(suite: SuiteName, nowMs: number): RingEntry {
  const key = newSecret();
  const id = createHash('sha256').update(`pjq/evaluator/key-id/v1\n${key}`).digest('hex').slice(0, 16);
  return { id, suite, key, madeAt: nowMs };
}

function newSecret(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** The place and the rule of a fault, never the value. */
function placeOf({ path, code }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? '(file)' : path.map(String).join('.')} ${code}`;
}

/** Links resolved, as far as the path exists. */
function realPath(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  const parent = dirname(whole);
  return parent === whole ? whole : join(realPath(parent), basename(whole));
}
