/**
 * Room that is kept back on the disk of the database: a file that is given up when nothing else fits, so that the
 * alarm can be written and old entries let go (deleting needs room in the write-ahead log, too).
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

export const BALLAST_FILE = 'ballast';
/** The write-ahead log at its usual size. */
export const BALLAST_BYTES = 4 * 1024 * 1024;

export class Ballast {
  readonly #file: string;
  readonly bytes: number;

  constructor(folder: string, bytes = BALLAST_BYTES) {
    this.#file = join(folder, BALLAST_FILE);
    this.bytes = bytes;
  }

  get held(): boolean {
    return statSync(this.#file, { throwIfNoEntry: false })?.size === this.bytes;
  }

  /** Takes the room, unless it is held already. @throws the system's error when the disk has not so much. */
  take(): void {
    if (this.held) return;
    const unfinished = `${this.#file}.part`;
    try {
      const file = openSync(unfinished, 'w', 0o600);
      try {
        // Not zeros: a file system that compresses would keep no room for them.
        writeSync(file, randomBytes(this.bytes));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(unfinished, this.#file);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  }

  /** Gives the room up. @returns whether there was any. @throws where the file system lets nothing be removed. */
  give(): boolean {
    const held = statSync(this.#file, { throwIfNoEntry: false }) !== undefined;
    rmSync(this.#file, { force: true });
    return held;
  }
}
