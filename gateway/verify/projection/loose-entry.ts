/**
 * An entry as it can be read in a hurry: the proof of a million entries cannot check each against its schema. Whoever
 * uses a part of it looks at that part; where something is not as it should be, the schema has the word.
 */
import { parseEntry, readBody, type EntryKind, type Suite } from '../../../protocol/index.js';

export interface LooseEntry {
  readonly source: string;
  readonly epoch: string;
  readonly seq: number;
  readonly kind: string;
  readonly at: number;
  readonly bootId: string;
  readonly mono: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `null` for bytes that are no entry. */
export function readLoosely(bytes: Uint8Array): LooseEntry | null {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const value = JSON.parse(text) as Partial<LooseEntry> | null;
    const whole =
      typeof value?.source === 'string' &&
      typeof value.epoch === 'string' &&
      typeof value.seq === 'number' &&
      typeof value.kind === 'string' &&
      typeof value.at === 'number' &&
      typeof value.bootId === 'string' &&
      typeof value.mono === 'number' &&
      typeof value.body === 'object' &&
      value.body !== null;
    return whole ? (value as LooseEntry) : null;
  } catch {
    return null;
  }
}

export function textOf(body: LooseEntry['body'], key: string): string {
  const value = body[key];
  return typeof value === 'string' ? value : '';
}

export function textOrNull(body: LooseEntry['body'], key: string): string | null {
  const value = body[key];
  return typeof value === 'string' ? value : null;
}

/** Whether the schema takes an entry of a known kind. */
export function isWellFormed(suite: Suite, bytes: Uint8Array, kind: EntryKind): boolean {
  try {
    readBody(parseEntry(suite, bytes), kind);
    return true;
  } catch {
    return false;
  }
}
