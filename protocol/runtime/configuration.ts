/** Configuration files: one schema a program; unknown keys refused; every fault told at once. */
import { readFileSync } from 'node:fs';
import { parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { PjqError, type ErrorCode } from '../errors.js';

/** sysexits(3): configuration error. */
export const EXIT_CONFIG = 78;

/**
 * Reads a YAML (or JSON) file against a schema.
 * @throws PjqError with `code`, its detail one line a fault: `path: reason (got …)`.
 */
export function readConfiguration<S extends z.ZodType>(
  file: string,
  schema: S,
  code: ErrorCode = 'config-invalid',
): z.infer<S> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PjqError(code, `\n${file}: cannot be read (got ${(cause as Error).message})`, { cause });
  }
  return parseConfiguration(text, schema, code);
}

/** The same for a text. Values behind keys that name a secret are never repeated in a fault. */
export function parseConfiguration<S extends z.ZodType>(
  text: string,
  schema: S,
  code: ErrorCode = 'config-invalid',
): z.infer<S> {
  const document = parseDocument(text, { uniqueKeys: true });
  const broken = document.errors.map(
    (error) => `line ${error.linePos?.[0].line ?? '?'}: ${error.message.split('\n')[0]}`,
  );
  if (broken.length > 0) throw new PjqError(code, `\n${broken.join('\n')}`);
  const value = plainValue(document, code);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PjqError(code, `\n${faultsOf(parsed.error, value).join('\n')}`);
}

/** Aliases are resolved only here, so a wrong one, or one that grows without end, is found only here. */
function plainValue(document: Document.Parsed, code: ErrorCode): unknown {
  try {
    return (document.toJS() as unknown) ?? {};
  } catch (cause) {
    throw new PjqError(code, `\n(file): ${(cause as Error).message}`, { cause });
  }
}

/** The faults of a value, one line each: `path: reason (got …)`. */
export function faultsOf(error: z.ZodError, value: unknown): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return `${path.join('.')}: unknown key (got ${shown(path, valueAt(value, path))})`;
      });
    }
    const path = issue.path.length > 0 ? issue.path.join('.') : '(file)';
    return [`${path}: ${issue.message} (got ${shown(issue.path, valueAt(value, issue.path))})`];
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

const SECRET_KEY = /secret|password|key$|^pin$|^badge$/i;
const HIDDEN = 'a hidden value';

function shown(path: readonly PropertyKey[], value: unknown): string {
  if (value === undefined) return 'nothing';
  if (path.some((key) => SECRET_KEY.test(String(key)))) return HIDDEN;
  const json = JSON.stringify(value, (key, part: unknown) => (SECRET_KEY.test(key) ? HIDDEN : part)) ?? typeof value;
  const text = json.replace(/\/\/[^/@\s]*@/g, '//…@'); // user and password of an address
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
