/** Runs a Node program in this one's place: its signals are passed on, and its end is this one's end. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ROOT } from './bootstrap.mjs';

const NPM_LOOK_MS = 500;
/** Looked for at once: by the time that everything is compiled it may be gone. */
const NPM_PID = process.env.npm_lifecycle_event === undefined ? undefined : npmAbove(process.ppid);

/**
 * The npm that runs this: the parent, or the parent of the shell between. Only where /proc tells it.
 * @param {number} pid @returns {number | undefined}
 */
function npmAbove(pid, levels = 2) {
  if (levels === 0) return undefined;
  try {
    // `pid (name) state parent …`; the name may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return /^(npm|node)/.test(name) ? pid : npmAbove(parent, levels - 1);
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isGone(pid) {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

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
  if (NPM_PID !== undefined) {
    setInterval(() => {
      if (isGone(NPM_PID)) child.kill('SIGTERM');
    }, NPM_LOOK_MS).unref();
  }
  child.once('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
