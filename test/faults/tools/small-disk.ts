/** A disk that can be full: a small file system in memory. Needs root. */
import { execFile } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { needsRoot, unmount } from './loop-disk.js';

const run = promisify(execFile);

const FILLER = 'filler';
const PAGE = 4_096;

export class SmallDisk {
  readonly path: string;
  readonly #sizeKb: number;

  /** @param path where it is mounted; the folder is made where it is missing. */
  constructor(path: string, sizeKb: number) {
    this.path = path;
    this.#sizeKb = sizeKb;
  }

  async start(): Promise<void> {
    mkdirSync(this.path, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${this.#sizeKb}k,mode=700`, 'none', this.path]);
  }

  /** Gives everybody else's file all the room but `leaveBytes`. */
  fill(leaveBytes = 0): void {
    const file = openSync(join(this.path, FILLER), 'a');
    const page = Buffer.alloc(PAGE, 1);
    try {
      while (this.freeBytes > leaveBytes) writeSync(file, page);
      fsyncSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Takes that file away. */
  clear(): void {
    rmSync(join(this.path, FILLER), { force: true });
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  async stop(): Promise<void> {
    await unmount(this.path);
  }
}

/** Why such disks cannot be made here; `undefined` where they can. */
export async function noSmallDisks(folder: string): Promise<string | undefined> {
  const notRoot = needsRoot();
  if (notRoot !== undefined) return notRoot;
  const disk = new SmallDisk(join(folder, 'probe'), 64);
  try {
    await disk.start();
    return undefined;
  } catch (error) {
    return `a file system in memory cannot be mounted: ${(error as Error).message.trim()}`;
  } finally {
    await disk.stop();
    rmSync(disk.path, { recursive: true, force: true });
  }
}
