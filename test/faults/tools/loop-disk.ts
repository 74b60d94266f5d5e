/**
 * A disk that can lose its power: ext4 on an image file. A cut is a copy of the image at one moment, mounted as a
 * disk is after the power came back. Needs root.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SIZE_MB = 64;

export class LoopDisk {
  readonly #folder: string;
  readonly #mounted = new Set<string>();
  #cuts = 0;

  /** @param folder empty or missing; it takes image, copies and mount points. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the disk is mounted. */
  get path(): string {
    return join(this.#folder, 'disk');
  }

  get #image(): string {
    return join(this.#folder, 'image');
  }

  /** @param path where it is mounted, `path` where it is not said. */
  async start(path = this.path): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    await run('truncate', ['-s', `${SIZE_MB}M`, this.#image]);
    await run('mkfs.ext4', ['-q', '-F', this.#image]);
    await this.#mount(this.#image, path);
  }

  /**
   * Cuts the power of a copy of the disk, and gives it back.
   * @param pids programs that write to it: they are held while the image is copied, so that the copy is of one
   * moment. They notice nothing.
   * @returns where the copy is mounted, until `drop`.
   */
  async cut(pids: readonly number[]): Promise<string> {
    this.#cuts += 1;
    const image = join(this.#folder, `cut-${this.#cuts}.image`);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      // Not written yet means lost: nothing is flushed before, and the image file is what the disk holds.
      await run('cp', ['--sparse=always', this.#image, image]);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    const path = join(this.#folder, `cut-${this.#cuts}`);
    await this.#mount(image, path);
    return path;
  }

  /**
   * Cuts the power of the disk itself: its program is killed, and it goes on as what it was at that moment.
   * @param gone resolves when the program has ended.
   */
  async cutForGood(pid: number, gone: () => Promise<void>, path = this.path): Promise<void> {
    const image = join(this.#folder, 'after-the-cut');
    process.kill(pid, 'SIGSTOP');
    try {
      await run('cp', ['--sparse=always', this.#image, image]);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
    await gone();
    await this.#unmount(path);
    renameSync(image, this.#image);
    await this.#mount(this.#image, path);
  }

  /** What the system does with a disk whose errors it has met: nothing more can be written until `mountAgain`. */
  async becomeReadOnly(path = this.path): Promise<void> {
    await run('mount', ['-o', 'remount,abort', path]).catch(() => undefined);
    if (!isReadOnly(path)) throw new Error(`${path} is still writable`);
  }

  /** As after a start of the machine. Nobody may be using it. */
  async mountAgain(path = this.path): Promise<void> {
    await this.#unmount(path);
    await this.#mount(this.#image, path);
  }

  /** Takes a cut away. */
  async drop(path: string): Promise<void> {
    await this.#unmount(path);
    rmSync(path, { recursive: true, force: true });
    rmSync(`${path}.image`, { force: true });
  }

  /** Unmounts and detaches everything. To be called when nobody uses it any more. */
  async stop(): Promise<void> {
    for (const path of [...this.#mounted]) await this.#unmount(path);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #mount(image: string, path: string): Promise<void> {
    mkdirSync(path, { recursive: true });
    await run('mount', ['-o', 'loop', image, path]);
    this.#mounted.add(path);
  }

  /** The loop device is let go by itself. */
  async #unmount(path: string): Promise<void> {
    await unmount(path);
    this.#mounted.delete(path);
  }
}

/** Unmounts what is mounted there; a file system that somebody still uses goes as soon as they are gone. */
export async function unmount(path: string): Promise<void> {
  if (!isMounted(path)) return;
  await run('umount', [path]).catch(() => run('umount', ['--lazy', path]));
}

export function isMounted(path: string): boolean {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === path);
}

function isReadOnly(path: string): boolean {
  try {
    writeFileSync(join(path, '.probe'), '');
    rmSync(join(path, '.probe'));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}

/** Why disks cannot be made here; `undefined` where they can. */
export async function noLoopDisks(folder: string): Promise<string | undefined> {
  const notRoot = needsRoot();
  if (notRoot !== undefined) return notRoot;
  if (!existsSync('/dev/loop-control')) return 'there are no loop devices';
  const disk = new LoopDisk(join(folder, 'probe'));
  try {
    await disk.start();
    return undefined;
  } catch (error) {
    return `a loop device cannot be mounted: ${(error as Error).message.trim()}`;
  } finally {
    await disk.stop();
  }
}

export function needsRoot(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'needs root';
}
