/** Makes the terminals' log keys and registers them at the gateway, as an operator would by command. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CounterPlace, HallFiles } from './hall-files.js';
import { PROGRAMS, type Command } from './programs.js';

const run = promisify(execFile);

/**
 * Registers every terminal that is not registered yet.
 * @throws with what the command said on standard error.
 */
export async function enrolTerminals(files: HallFiles, signal: AbortSignal): Promise<void> {
  const keys = await Promise.all(files.counters.map((counter) => publicKeyOf(counter, signal)));
  const [first, ...others] = files.counters.map(
    (counter, index) => () => register(counter, keys[index] ?? '', files.gatewayConfig, signal),
  );
  // The first alone: it makes the database when there is none.
  await first?.();
  await Promise.all(others.map((add) => add()));
}

async function publicKeyOf({ configFile, terminal }: CounterPlace, signal: AbortSignal): Promise<string> {
  const { stdout } = await runOnce([...PROGRAMS.terminal, 'key', '--config', configFile], signal);
  const key = stdout.trim();
  if (!/^[A-Za-z0-9_-]{43}$/.test(key)) throw new Error(`terminal ${terminal} printed no public key`);
  return key;
}

async function register(
  { terminal, number }: CounterPlace,
  publicKey: string,
  config: string,
  signal: AbortSignal,
): Promise<void> {
  const args = ['terminal', 'add', terminal, '--window', String(number), '--public-key', publicKey, '--config', config];
  try {
    await runOnce([...PROGRAMS.operator, ...args], signal);
  } catch (error) {
    // Registered by an earlier start on the same data.
    if (!isExisting(error)) throw error;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'stderr' in error && String(error.stderr).startsWith('terminal-exists');
}

/** A command, not a part of the hall: it must not take its standard input for a parent to watch. */
function runOnce([program, ...args]: Command, signal: AbortSignal): Promise<{ stdout: string }> {
  const { PJQ_PARENT_PIPE: _parents, ...env } = process.env;
  return run(program, args, { env: { ...env, PJQ_NODE: process.execPath }, signal, timeout: 60_000 });
}
