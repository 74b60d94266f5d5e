/**
 * Where the log ended, noted beside it. SQLite takes a write-ahead log that was cut or flipped for one that ended
 * earlier: it opens without a word and the newest entries are gone. This note is what knows better, so that such a
 * loss has a name and their numbers are not given again. It is written after each commit and never synced: a power
 * cut may leave it behind the log, never before it.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import type { Suite } from '../../protocol/index.js';

export interface NotedHead {
  readonly epoch: string;
  readonly seq: number;
  /** Chain at `seq`, base64url. */
  readonly hash: string;
  readonly ackedSeq: number;
}

/** Always written whole and in place, so that nothing of the file system's own has to change. */
const NOTE_BYTES = 256;
const CHECK_LENGTH = 16;

export class HeadNote {
  readonly #path: string;
  readonly #suite: Suite;
  #handle: number | undefined;

  /** @param file the log's database. */
  constructor(file: string, suite: Suite) {
    this.#path = `${file}.head`;
    this.#suite = suite;
  }

  /** `null` where there is none, or none that is whole. */
  read(): NotedHead | null {
    try {
      const text = readFileSync(this.#path, 'utf8').trimEnd();
      const [check, said] = [text.slice(0, CHECK_LENGTH), text.slice(CHECK_LENGTH)];
      return check === this.#check(said) ? (JSON.parse(said) as NotedHead) : null;
    } catch {
      return null;
    }
  }

  /** Never throws: a log is as good without its note as it was before there was one. */
  write({ epoch, seq, hash, ackedSeq }: NotedHead): void {
    const said = JSON.stringify({ epoch, seq, hash, ackedSeq });
    try {
      this.#handle ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
      writeSync(this.#handle, (this.#check(said) + said).padEnd(NOTE_BYTES), 0);
    } catch {
      this.close();
    }
  }

  close(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      if (handle !== undefined) closeSync(handle);
    } catch {
      // A disk that fails at that is told by the next append.
    }
  }

  #check(said: string): string {
    return this.#suite.base64urlEncode(this.#suite.digest(this.#suite.utf8Encode(said))).slice(0, CHECK_LENGTH);
  }
}
