/**
 * The chain of entries in the live epoch: where it ends, and how it grows. The end is kept in memory between
 * appends and is never trusted past a doubt: `forget` after whatever failed, or when somebody else has written.
 */
import {
  encodeEntry,
  encodeEntryAgain,
  genesisHash,
  nextHash,
  PjqError,
  type Entry,
  type EntryBody,
  type Suite,
} from '../../protocol/index.js';
import type { LogFile } from './log-file.js';
import { MAX_SEQ, PLACE } from './entry-place.js';
import type { TerminalLogParts } from './log-parts.js';
import type { Draft, LoggedMoment } from './session-log.js';
import { readStored, type EntryRow } from './vouched-entries.js';

export interface EpochRow {
  readonly id: number;
  readonly epoch: string;
  readonly acked_seq: number;
  readonly end_seq: number | null;
  readonly pruned_seq: number;
  readonly checkpoint: string | null;
  readonly promise: string | null;
}

/** Where a chain ends: seq 0 is before its first entry. */
interface Head {
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** The live epoch, and where it ends. */
interface Ending {
  readonly id: number;
  readonly epoch: string;
  readonly head: Head;
}

/** A place in this database. */
export interface RowPlace {
  readonly epochId: number;
  readonly seq: number;
}

/** Head of an epoch, read from the database. */
export function readHead(file: LogFile, suite: Suite, source: string, row: EpochRow): Head {
  const last = file
    .sql(`SELECT seq, hash FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place DESC LIMIT 1`)
    .get(row.id, 0, row.id, MAX_SEQ) as EntryRow | undefined;
  if (last !== undefined) return last;
  if (row.checkpoint !== null) {
    const checkpoint = JSON.parse(row.checkpoint) as EntryBody<'checkpoint'>;
    return { seq: checkpoint.seq, hash: suite.base64urlDecode(checkpoint.hash) };
  }
  return { seq: 0, hash: genesisHash(suite, source, row.epoch) };
}

export class EntryChain {
  readonly #file: LogFile;
  readonly #parts: TerminalLogParts;
  #end: Ending | undefined;

  constructor(file: LogFile, parts: TerminalLogParts) {
    this.#file = file;
    this.#parts = parts;
  }

  /** The end is read again before the next append. */
  forget(): void {
    this.#end = undefined;
  }

  /** Where the next entry goes on from. */
  place(): RowPlace {
    const { id, head } = this.#ending();
    return { epochId: id, seq: head.seq };
  }

  /** The last entry as it was written. */
  head(): RowPlace & { readonly epoch: string; readonly hash: Uint8Array } {
    const { id, epoch, head } = this.#ending();
    return { epochId: id, epoch, ...head };
  }

  /** To be called in a transaction, like all that follows. */
  append(draft: Draft, { at, mono, bootId }: LoggedMoment): void {
    const { suite, source, clockState } = this.#parts;
    const { kind, body } = draft;
    this.#appendBytes(at, (place) =>
      encodeEntry(suite, { ...place, source, at, bootId, mono, clock: clockState(), kind, body }),
    );
  }

  /** Begins an epoch, whose first entry tells why. The one before must have ended. */
  openEpoch(cause: EntryBody<'epoch'>['cause'], ancestor: EntryBody<'epoch'>['ancestor']): void {
    const { randomness, clock, bootId, signer } = this.#parts;
    this.#file.sql('INSERT INTO epoch (epoch, acked_seq, pruned_seq) VALUES (?, 0, 0)').run(randomness.newId());
    this.forget();
    const moment = { at: clock.wallMs(), mono: clock.monoMs(), bootId };
    this.append({ kind: 'epoch', body: { cause, ancestor, keyId: signer.keyId } }, moment);
  }

  /**
   * An entry of another epoch (or file), with the place where it stood first. What is about an epoch stays there.
   * @returns the entry that was taken over.
   */
  appendAgain(row: EntryRow): Entry | null {
    const { suite } = this.#parts;
    const entry = readStored(suite, row);
    // Unreadable bytes cannot be carried over; the epoch that names its ancestor tells that it ended there.
    if (entry === null || entry.kind === 'epoch' || entry.kind === 'checkpoint') return null;
    this.#appendBytes(entry.at, (place) => encodeEntryAgain(suite, entry, place));
    return entry;
  }

  #appendBytes(at: number, encode: (place: { epoch: string; seq: number }) => Uint8Array): void {
    const { id, epoch, head } = this.#ending();
    const seq = head.seq + 1;
    const bytes = encode({ epoch, seq });
    const hash = nextHash(this.#parts.suite, head.hash, bytes);
    this.#file
      .sql(`INSERT INTO entry (place, epoch_id, seq, at, bytes, hash) VALUES (${PLACE}, ?, ?, ?, ?, ?)`)
      .run(id, seq, id, seq, at, bytes, hash);
    this.#end = { id, epoch, head: { seq, hash } };
  }

  #ending(): Ending {
    if (this.#end === undefined) {
      const row = this.#file.sql('SELECT * FROM epoch WHERE end_seq IS NULL ORDER BY id DESC LIMIT 1').get() as
        EpochRow | undefined;
      if (row === undefined) throw new PjqError('log-damaged', 'no live epoch');
      const { suite, source } = this.#parts;
      this.#end = { id: row.id, epoch: row.epoch, head: readHead(this.#file, suite, source, row) };
    }
    return this.#end;
  }
}
