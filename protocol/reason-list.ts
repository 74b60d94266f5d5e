/**
 * A hall's own list of reasons, as data: named by what it says, so that whoever has the name can tell whether they have
 * the list. The gateway publishes it to the terminals; its own log keeps every list that the hall had.
 */
import { z } from 'zod';
import { LEVELS } from './levels.js';
import { MAX_REASONS, NATIONAL_LIST, reasonsOf, type Reason, type ReasonList } from './reasons.js';
import type { Suite } from './suite.js';

/** Eight codes of so many characters are the most that a screen seals (`device/local/seal.ts`). */
const CODE = /^[1-5][0-9A-Za-z-]{1,5}$/;
const DIGEST_CHARACTERS = 11;

/** Words as short as a screen of seven inches takes them; forty reasons fit into one entry of the log. */
export const reasonSchema = z.strictObject({
  code: z.string().regex(CODE, 'must be its level, 1 to 5, and then 1-5 letters, digits or hyphens'),
  zh: z
    .string()
    .max(20)
    .regex(/^[^\s\p{Cc}\p{Zl}\p{Zp}]+$/u, 'must be one line without spaces'),
  en: z
    .string()
    .max(48)
    .regex(/^[!-~]+(?: [!-~]+)*$/, 'must be plain words, with one space between two'),
});

/** The same number of reasons at every level: how full the screen is must not tell it (I6). */
export const reasonsSchema = z
  .array(reasonSchema)
  .min(LEVELS.length)
  .max(LEVELS.length * MAX_REASONS)
  .superRefine((reasons, context) => {
    const totals = LEVELS.map((level) => reasonsOf(level, reasons).length);
    const isEven = totals.every((total) => total === totals[0] && total <= MAX_REASONS);
    if (!isEven) context.addIssue({ code: 'custom', message: `must be as many at every level, 1 to ${MAX_REASONS}` });
    for (const [index, { code }] of reasons.entries())
      if (reasons.findIndex((other) => other.code === code) < index)
        context.addIssue({ code: 'custom', path: [index, 'code'], message: 'stands here twice' });
  });

export const reasonListIdSchema = z.string().regex(/^[A-Za-z0-9@_.-]{1,40}$/);

/** A list as it travels and as the log keeps it. */
export const reasonListSchema = z.object({ id: reasonListIdSchema, reasons: reasonsSchema });

/** A list as people write it. */
export const reasonListFileSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9.-]{0,22}[a-z0-9])?$/, 'must be 1-24 lower-case letters, digits, dots or hyphens')
    .describe('name and edition, as people speak of it'),
  reasons: reasonsSchema,
});

/** The list with its name: `name@` and 64 bits of the digest of what it says. */
export function namedList(suite: Suite, name: string, reasons: readonly Reason[]): ReasonList {
  const text = JSON.stringify(reasons.map(({ code, zh, en }) => [code, zh, en]));
  const digest = suite.base64urlEncode(suite.digest(suite.utf8Encode(`pjq/reason-list/v1\n${text}`)));
  return { id: `${name}@${digest.slice(0, DIGEST_CHARACTERS)}`, reasons };
}

/** Whether a list is the one that its name tells of. */
export function isTrueList(suite: Suite, { id, reasons }: ReasonList): boolean {
  if (id === NATIONAL_LIST.id) return JSON.stringify(reasons) === JSON.stringify(NATIONAL_LIST.reasons);
  const at = id.lastIndexOf('@');
  return at > 0 && namedList(suite, id.slice(0, at), reasons).id === id;
}
