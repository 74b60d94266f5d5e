/** A program that never waits for a processor that another program has: as if the machine were its own. */
import { execFileSync } from 'node:child_process';

/**
 * Round-robin real-time scheduling for all threads of a process, by util-linux's `chrt`. It takes a processor from the
 * others when it has something to do, and leaves it to them otherwise.
 * @throws when the machine does not allow it: that needs root, or CAP_SYS_NICE.
 */
export function givePrecedence(pid: number): void {
  execFileSync('chrt', ['--all-tasks', '--rr', '--pid', '10', String(pid)]);
}

/** @returns whether this machine allows it. */
export function canGivePrecedence(): boolean {
  try {
    execFileSync('chrt', ['--rr', '10', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
