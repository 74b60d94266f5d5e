/** What an entry of the log says, or why it says nothing here. */
import {
  isKnownKind,
  isPjqError,
  parseEntry,
  parseTerminalSource,
  PjqError,
  readBody,
  readEntry,
  type Entry,
  type Suite,
} from '../../protocol/index.js';
import type { HeardTime } from './corrected-time.js';
import type { Placed } from './placed.js';

/** An entry that stands in the log. */
export interface LinkedEntry {
  readonly entryId: number;
  readonly source: string;
  readonly epoch: string;
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** What the bytes say as JSON, where they were read already (on arrival). */
  readonly json?: unknown;
  /** With the first new entry of a batch: what the batch said of the time, learned before this entry is projected. */
  readonly heard?: HeardTime | undefined;
}

/** @returns what it says and where it stands, or the error that tells why it means nothing. */
export function readLinked(suite: Suite, linked: LinkedEntry): Placed | PjqError {
  try {
    const entry = envelopeOf(suite, linked);
    const { kind } = entry;
    if (!isKnownKind(kind)) throw new PjqError('meaning-unknown', kind);
    const terminal = parseTerminalSource(entry.source)?.terminal ?? '';
    return { entry, kind, body: readBody(entry, kind), entryId: linked.entryId, terminal };
  } catch (error) {
    if (!isPjqError(error)) throw error;
    return error;
  }
}

function envelopeOf(suite: Suite, linked: LinkedEntry): Entry {
  const { json } = linked;
  if (isPlainEnvelope(json, linked)) return json;
  const entry = json === undefined ? parseEntry(suite, linked.bytes) : readEntry(json);
  if (entry.source !== linked.source || entry.epoch !== linked.epoch || entry.seq !== linked.seq)
    throw new PjqError('entry-misplaced', `${entry.source} ${entry.epoch} ${entry.seq}`);
  return entry;
}

const RANDOM_ID = /^[A-Za-z0-9_-]{11}$/;

/**
 * Whether this surely is an envelope that the schema takes, in its place: nearly all are, and the schema costs as
 * much as inserting the row. Source, epoch and seq were checked with the batch, so it is enough that they are equal.
 * Whatever is unusual (an entry appended again, a kind that is not known) is left to the schema.
 */
function isPlainEnvelope(json: unknown, { source, epoch, seq }: LinkedEntry): json is Entry {
  if (typeof json !== 'object' || json === null) return false;
  const said = json as Partial<Record<keyof Entry, unknown>>;
  return (
    said.source === source &&
    said.epoch === epoch &&
    said.seq === seq &&
    typeof said.kind === 'string' &&
    isKnownKind(said.kind) &&
    isMs(said.at) &&
    isMs(said.mono) &&
    typeof said.bootId === 'string' &&
    RANDOM_ID.test(said.bootId) &&
    (said.clock === 'synced' || said.clock === 'free') &&
    !('re' in said) &&
    typeof said.body === 'object' &&
    said.body !== null &&
    !Array.isArray(said.body)
  );
}

function isMs(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
