/** A profile in a file or a configuration, read with every fault told at once. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';

/** A profile with faults; all of them, one line each: `path: reason (got …)`. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: { cause?: unknown; of?: string }) {
    super(`the ${options?.of ?? 'board'} profile has faults:\n${faults.join('\n')}`, options);
    this.faults = faults;
  }
}

/** @throws ProfileError with every fault of the value. */
export function parseProfile<Schema extends z.ZodType>(schema: Schema, value: unknown, of: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProfileError(
    parsed.error.issues.flatMap((issue) => describe(issue, value)),
    { of },
  );
}

/**
 * What stands in a YAML or JSON file.
 * @throws ProfileError when it cannot be read or is no YAML.
 */
export function readProfileDocument(file: string, of: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProfileError([`${file}: cannot be read (got ${(cause as Error).message})`], { cause, of });
  }
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ProfileError(
      document.errors.map(
        (error) => `line ${error.linePos?.[0].line ?? '?'}: is no YAML (got ${error.message.split('\n')[0] ?? ''})`,
      ),
      { of },
    );
  }
  return document.toJS();
}

/**
 * The profile that a configuration names: the name of one that comes with the program, or the path of a
 * YAML or JSON file (it has a slash, or ends in .yaml, .yml or .json).
 * @throws ProfileError with every fault.
 */
export function loadProfile<Schema extends z.ZodType<{ readonly name: string }>>(
  schema: Schema,
  builtIn: readonly unknown[],
  nameOrFile: string,
  of: string,
): z.output<Schema> {
  if (isProfileFile(nameOrFile)) return parseProfile(schema, readProfileDocument(nameOrFile, of), of);
  const profiles = builtIn.map((value) => parseProfile(schema, value, of));
  const found = profiles.find((profile) => profile.name === nameOrFile);
  if (found) return found;
  const known = profiles.map((profile) => profile.name).join(', ');
  throw new ProfileError(
    [`profile: must be one of ${known}, or the path of a .yaml or .json file (got ${JSON.stringify(nameOrFile)})`],
    { of },
  );
}

/** Whether a configuration means a file: it has a slash, or ends in .yaml, .yml or .json. */
export function isProfileFile(nameOrFile: string): boolean {
  return /[/\\]|\.(ya?ml|json)$/.test(nameOrFile);
}

function describe(issue: z.core.$ZodIssue, value: unknown): string[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  const reason = issue.code === 'unrecognized_keys' ? 'unknown key' : issue.message;
  return paths.map((path) => {
    const got = path.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
      value,
    );
    return `${path.length > 0 ? path.join('.') : '(profile)'}: ${reason} (got ${shown(got)})`;
  });
}

function shown(value: unknown): string {
  // JSON has no word for functions and symbols, which no file can hold anyway.
  const text = value === undefined ? 'nothing' : ((JSON.stringify(value) as string | undefined) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
