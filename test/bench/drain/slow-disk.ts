/** The library that makes a program's disk slow, compiled where there is a compiler. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { newFolder, removeFolder } from './folders.js';
import { versionOf } from './machine.js';

export class SlowDisk {
  readonly #folder = newFolder('slow-disk');

  /** @returns the library, or `null` where there is no C compiler. */
  compile(): string | null {
    if (versionOf('cc', '--version') === null) return null;
    const library = join(this.#folder, 'slow-disk.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, join(import.meta.dirname, 'slow-disk.c'), '-ldl']);
    return library;
  }

  remove(): void {
    removeFolder(this.#folder);
  }
}
