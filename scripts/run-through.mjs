/** Runs a Node program in this one's place: its signals are passed on, and its end is this one's end. */
import { spawn } from 'node:child_process';
import { ROOT } from './bootstrap.mjs';

const PARENT_LOOK_MS = 500;

/**
 * @param {string[]} args of node
 * @param {{ holdsPipe?: boolean }} [options] holdsPipe: the program watches its standard input and ends when this one is gone
 */
export function runThrough(args, { holdsPipe = false } = {}) {
  const child = spawn(process.execPath, args, {
    cwd: holdsPipe ? process.cwd() : ROOT,
    stdio: [holdsPipe ? 'pipe' : 'inherit', 'inherit', 'inherit'],
    env: holdsPipe ? { ...process.env, PJQ_PARENT_PIPE: '1' } : process.env,
  });
  child.stdin?.on('error', () => undefined);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A hang-up is told as an end: the program knows no other.
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  }
  // npm that is killed outright passes nothing on. Started otherwise, a parent may well go first (nohup, setsid).
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, PARENT_LOOK_MS).unref();
  }
  child.once('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
