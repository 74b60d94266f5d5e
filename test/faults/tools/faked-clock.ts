/** A program's own wall clock, by libfaketime: it may be set while the program runs. Monotonic time stays true. */
import { execFile } from 'node:child_process';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib/arm-linux-gnueabihf'].map(
  (folder) => `${folder}/faketime/libfaketime.so.1`,
);

export class FakedClock {
  readonly #file: string;

  /** @param file where the time stands that the program reads at every look at its clock. */
  constructor(file: string) {
    this.#file = file;
    this.set('+0');
  }

  /** Environment of the program. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: library() ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_NO_CACHE: '1',
    };
  }

  /** @param offset from the true time, as libfaketime has it: `-48y`, `+1h`, `+0 x1.02` (runs fast). */
  set(offset: string): void {
    // A program that reads a file half written has no time at all.
    writeFileSync(`${this.#file}.new`, `${offset}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Why clocks cannot be faked here; `undefined` where they can. */
export async function noFakedClocks(): Promise<string | undefined> {
  const found = library();
  if (found === undefined) return 'libfaketime is not installed';
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'new Date().getUTCFullYear()'], {
    env: { ...process.env, LD_PRELOAD: found, FAKETIME: '-48y', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
  });
  return Number(stdout) < new Date().getUTCFullYear() - 46 ? undefined : 'libfaketime has no effect on this Node';
}

function library(): string | undefined {
  return LIBRARIES.find((path) => existsSync(path));
}
