/** On what it was measured. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { statfsSync } from 'node:fs';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Device, file system and options of the folder that everything is measured in. */
  readonly disk: string;
  readonly at: string;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    disk: diskOf(tmpdir()),
    at: new Date().toISOString(),
  };
}

/** The mount with the longest path that holds the folder (proc(5), `mountinfo`). */
function diskOf(folder: string): string {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [place, what] = line.split(' - ');
      const [kind, device] = (what ?? '').split(' ');
      return { at: place?.split(' ')[4] ?? '', kind: kind ?? '', device: device ?? '' };
    })
    .filter(({ at }) => at === '/' || folder === at || folder.startsWith(`${at}/`))
    .sort((a, b) => b.at.length - a.at.length);
  const found = mounts[0];
  const { bavail, bsize } = statfsSync(folder);
  const free = `${Math.round((bavail * bsize) / 2 ** 30)} GiB free`;
  return found === undefined ? free : `${found.kind} on ${found.device}, ${free}`;
}

/** Version that a program tells, its first line; `null` where it is not installed. */
export function versionOf(program: string, ...args: readonly string[]): string | null {
  try {
    return (
      execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
        .trim()
        .split('\n')[0] ?? ''
    );
  } catch (error) {
    // Some tell their version on their way out with a code of their own.
    const { stdout } = error as { stdout?: string };
    return stdout === undefined || stdout === '' ? null : (stdout.trim().split('\n')[0] ?? null);
  }
}
