/** Configuration files: one schema a program; unknown keys refused; every fault told at once. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { PjqError, type ErrorCode } from '../errors.js';

/** sysexits(3): configuration error. */
export const EXIT_CONFIG = 78;

/**
 * Reads a YAML (or JSON) file against a schema.
 * @throws PjqError with `code`, its detail one line a fault: `path: reason (got …)`.
 */
export function readConfiguration<S extends z.ZodType>(file: string, schema: S, code: ErrorCode = 'config-invalid'): z.infer<S> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PjqError(code, `\n${file}: cannot be read (got ${(cause as Error).message})`, { cause });
  }
  return parseConfiguration(text, schema, code);
}

/** The same for a text. Values behind keys that name a secret are never repeated in a fault. */
export function parseConfiguration<S extends z.ZodType>(text: string, schema: S, code: ErrorCode = 'config-invalid'): z.infer<S> {
  const document = parseDocument(text, { uniqueKeys: true });
  const broken = document.errors.map((error) => `line ${error.linePos?.[0].line ?? '?'}: ${error.message.split('\n')[0]}`);
  if (broken.length > 0) throw new PjqError(code, `\n${broken.join('\n')}`);
  const value: unknown = document.toJS() ?? {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PjqError(code, `\n${faultsOf(parsed.error, value).join('\n')}`);
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

function shown(path: readonly PropertyKey[], value: unknown): string {
  if (value === undefined) return 'nothing';
  if (/secret|password|key$/i.test(String(path.at(-1) ?? ''))) return 'a hidden value';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
