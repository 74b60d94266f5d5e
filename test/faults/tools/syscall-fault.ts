/**
 * A fault at the N-th write or sync of a running program, by strace: it dies on entering the call (nothing of it
 * reached the disk), dies on coming back from it (the disk has it, nobody was told), or the call fails with EIO.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** `sync`: fsync and fdatasync; `write`: pwrite64, which is how SQLite writes. */
export type Call = 'sync' | 'write';
export type Strike = 'die-before' | 'die-after' | 'fail';

export interface SyscallFaultOptions {
  readonly pid: number;
  readonly call: Call;
  readonly strike: Strike;
  /** 1 is the next one. */
  readonly nth: number;
  /** Only calls on this file, where one is named. */
  readonly file?: string;
}

const CALLS: Readonly<Record<Call, string>> = { sync: 'fsync,fdatasync', write: 'pwrite64' };
/** How long a program is held after the call that it is to die after: it is killed meanwhile. */
const HELD_US = 10_000_000;
const INJECTIONS: Readonly<Record<Strike, string>> = {
  'die-before': 'signal=KILL',
  'die-after': `delay_exit=${HELD_US}`,
  fail: 'error=EIO',
};
/** How long strace may take to let go. */
const PATIENCE_MS = 1_000;
/** How strace says that the call was reached; a program that dies in it is seen to be dead. */
const REACHED: Readonly<Record<Strike, RegExp>> = {
  'die-before': /^never$/,
  'die-after': /\(DELAYED\)$/,
  fail: /\(INJECTED\)$/,
};

export class SyscallFault {
  readonly #options: SyscallFaultOptions;
  #strace: ChildProcess | undefined;
  #struck: Promise<boolean> = Promise.resolve(false);

  constructor(options: SyscallFaultOptions) {
    this.#options = options;
  }

  /** Resolves when the program is watched. @throws when it cannot be. */
  async attach(): Promise<void> {
    const { pid, call, strike, nth, file } = this.#options;
    const calls = CALLS[call];
    const strace = spawn(
      'strace',
      [
        '-f',
        ...(file === undefined ? [] : ['-P', file]),
        ...['-e', `trace=${calls}`, '-e', 'signal=none', '-e', `inject=${calls}:${INJECTIONS[strike]}:when=${nth}`],
        ...['-p', String(pid)],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#strace = strace;
    const lines = createInterface({ input: strace.stderr });
    const said: string[] = [];
    const attached = new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        said.push(line);
        if (line.includes(' attached')) resolve();
      });
      strace.once('error', reject);
      strace.once('exit', () => reject(new Error(`strace: ${said.join(' ')}`)));
    });
    const ended = once(strace, 'exit');
    this.#struck = new Promise((resolve) => {
      // Strace may miss the end of a program whose threads die in any order: it is looked at as well.
      const watch = setInterval(() => {
        if (isAlive(pid)) return;
        strace.kill('SIGKILL');
        resolve(true);
      }, 20);
      lines.on('line', (line) => {
        if (!REACHED[strike].test(line)) return;
        if (strike === 'die-after') {
          process.kill(pid, 'SIGKILL');
          // It is held until nobody watches it any more.
          strace.kill('SIGKILL');
        }
        resolve(true);
      });
      ended
        .catch(() => undefined)
        .finally(() => {
          clearInterval(watch);
          resolve(!isAlive(pid));
        });
    });
    await attached;
  }

  /** Whether the call came within the time. */
  async struck(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    const struck = await Promise.race([this.#struck, late]);
    clearTimeout(timer);
    return struck;
  }

  /** Leaves the program to itself. */
  async detach(): Promise<void> {
    const strace = this.#strace;
    if (strace === undefined || strace.exitCode !== null || strace.signalCode !== null) return;
    const ended = once(strace, 'exit');
    strace.kill('SIGTERM');
    const forced = setTimeout(() => strace.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(forced);
  }
}

/** Why programs that run cannot be watched here; `undefined` where they can. */
export async function noSyscallFaults(): Promise<string | undefined> {
  const found = spawn('strace', ['-V'], { stdio: 'ignore' });
  const code = await Promise.race([once(found, 'exit').then(([code]) => code as number | null), once(found, 'error')]);
  if (code !== 0) return 'strace is not installed';
  if (process.getuid?.() === 0) return undefined;
  const scope = '/proc/sys/kernel/yama/ptrace_scope';
  try {
    accessSync(scope, constants.R_OK);
  } catch {
    return undefined;
  }
  return readFileSync(scope, 'utf8').trim() === '0'
    ? undefined
    : 'strace may not be put on a running program (ptrace_scope, not root)';
}

/** A dead program that nobody has reaped yet is dead. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
