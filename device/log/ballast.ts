/**
 * Room that is kept back on the disk: two files of its own, given up when the database finds no room, and made again
 * when there is room for them and as much again. The first is for the newest ratings and the entry that tells of the
 * fault; the second is never spent on them, since letting go what the hall has needs room, too, before it makes any.
 */
import { statSync, unlinkSync } from 'node:fs';
import { open, rename, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A third of it, 4 MB, is for letting go: clearing a full write-ahead log (`WAL_PAGES`) may make the main file longer
 * by so much. The other 8 MB are some 16,000 entries: at 500 ratings a day ten days in which somebody can make room.
 */
export const BALLAST_BYTES = 12 * 1024 * 1024;
/** Written and synced in such pieces: the sync of a press waits for one of them at most. */
const PIECE_BYTES = 128 * 1024;

/** What the room is needed for. */
export type Purpose = 'rating' | 'letting-go';

interface Part {
  readonly path: string;
  readonly bytes: number;
}

export class Ballast {
  readonly #folder: string;
  readonly #parts: Readonly<Record<Purpose, Part>>;
  #making = false;

  /** @param file the log's database, beside which it lies. */
  constructor(file: string, bytes = BALLAST_BYTES) {
    const reserve = Math.floor(bytes / 3);
    this.#folder = dirname(file);
    this.#parts = {
      rating: { path: `${file}.ballast`, bytes: bytes - reserve },
      'letting-go': { path: `${file}.reserve`, bytes: reserve },
    };
  }

  /** Whether all of it is there. */
  get there(): boolean {
    return Object.values(this.#parts).every(isThere);
  }

  /** Gives room up for a purpose. @returns whether there was any left for it. Never throws. */
  give(purpose: Purpose): boolean {
    return take(this.#parts.rating) || (purpose === 'letting-go' && take(this.#parts['letting-go']));
  }

  /**
   * Makes what is missing where the disk has room for all of it twice, in the background.
   * @returns whether all is there. Never rejects.
   */
  async make(): Promise<boolean> {
    if (this.#making || this.there) return this.there;
    this.#making = true;
    try {
      const missing = Object.values(this.#parts).filter((part) => !isThere(part));
      const { bavail, bsize } = await statfs(this.#folder);
      if (bavail * bsize < 2 * missing.reduce((sum, { bytes }) => sum + bytes, 0)) return false;
      for (const part of missing) await make(part);
      return true;
    } catch {
      return false;
    } finally {
      this.#making = false;
    }
  }
}

function isThere({ path, bytes }: Part): boolean {
  try {
    return statSync(path).size === bytes;
  } catch {
    return false;
  }
}

function take({ path }: Part): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

async function make({ path, bytes }: Part): Promise<void> {
  const unfinished = `${path}.tmp`;
  try {
    const handle = await open(unfinished, 'w', 0o600);
    try {
      for (let left = bytes; left > 0; left -= PIECE_BYTES) {
        // Not zeros: there are disks that keep none of those.
        await handle.write(Buffer.alloc(Math.min(left, PIECE_BYTES), 0x5a));
        await handle.datasync();
      }
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await unlink(unfinished).catch(() => undefined);
    throw error;
  }
}
