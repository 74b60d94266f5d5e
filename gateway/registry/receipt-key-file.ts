/**
 * The file of receipt keys: what the terminals share with the hall, so that it knows their codes. Beside the database
 * and not in it, so that no backup holds what codes can be made with; readable by its owner only; replaced as a whole.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import {
  nameSchema,
  PjqError,
  receiptKeyNumberSchema,
  terminalNumberSchema,
  wallMsSchema,
} from '../../protocol/index.js';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';

/** In the data folder. */
export const RECEIPT_KEYS_FILE = 'receipt-keys.json';

const keysSchema = z
  .strictObject({
    v: z.literal(1),
    keys: z.array(
      z.strictObject({
        terminal: nameSchema,
        terminalNumber: terminalNumberSchema,
        keyNumber: receiptKeyNumberSchema,
        key: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url'),
        addedAt: wallMsSchema,
        /** Another took its place: good for codes of the days until then. */
        retiredAt: wallMsSchema.optional(),
        /** Somebody else may know it: good for nothing. Kept, so that whoever comes with such a slip is told so. */
        revokedAt: wallMsSchema.optional(),
      }),
    ),
  })
  .refine(
    ({ keys }) =>
      new Set(keys.map(({ terminalNumber, keyNumber }) => `${terminalNumber} ${keyNumber}`)).size === keys.length,
    'two keys have one number',
  )
  .refine(({ keys }) => {
    const owners = new Set(keys.map(({ terminalNumber, terminal }) => `${terminalNumber} ${terminal}`));
    return owners.size === new Set(keys.map(({ terminalNumber }) => terminalNumber)).size;
  }, 'two terminals have one number');
export type ReceiptKeyRow = z.infer<typeof keysSchema>['keys'][number];

/**
 * The keys of the file; none where there is no file.
 * @throws PjqError `config-invalid` when it cannot be read, is open to others, or holds something else. No key is in it.
 */
export function readReceiptKeys(file: string): readonly ReceiptKeyRow[] {
  if (!existsSync(file)) return [];
  const faults: string[] = [];
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0)
      faults.push(`must be readable by its owner only, mode 0600 (got ${(mode & 0o777).toString(8).padStart(4, '0')})`);
    const parsed = keysSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success && faults.length === 0) return parsed.data.keys;
    if (!parsed.success) faults.push(`holds no receipt keys: ${parsed.error.issues.map(placeOf).join(', ')}`);
  } catch (error) {
    // A parser quotes what it could not read.
    faults.push(error instanceof SyntaxError ? 'is not JSON' : `cannot be read (got ${(error as Error).message})`);
  }
  throw new PjqError('config-invalid', faults.map((fault) => `\n${file}: ${fault}`).join(''));
}

export function writeReceiptKeys(file: string, keys: readonly ReceiptKeyRow[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileAtomic(file, `${JSON.stringify({ v: 1, keys }, null, 2)}\n`, 0o600);
}

/** The place and the rule of a fault, never the value. */
function placeOf({ path, code }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? '(file)' : path.map(String).join('.')} ${code}`;
}
