/** Makes the terminals' log keys and receipt keys and registers them at the gateway, as an operator would by command. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { CounterPlace, HallFiles } from './hall-files.js';
import { PROGRAMS, type Command } from './programs.js';

const run = promisify(execFile);

/**
 * Registers every terminal that is not registered yet.
 * @throws with what the command said on standard error.
 */
export async function enrolTerminals(files: HallFiles, signal: AbortSignal): Promise<void> {
  const keys = await Promise.all(files.counters.map((counter) => keysOf(counter, signal)));
  const [first, ...others] = files.counters.map(
    (counter, index) => () => register(counter, keys[index] ?? NO_KEYS, files.gatewayConfig, signal),
  );
  // The first alone: it makes the database when there is none.
  await first?.();
  await Promise.all(others.map((add) => add()));
}

interface TerminalKeys {
  readonly publicKey: string;
  /** The line of its receipt key: secret, and given to commands by standard input only. */
  readonly receiptKey: string;
}

const NO_KEYS: TerminalKeys = { publicKey: '', receiptKey: '' };
/** As the gateway names it, in its data folder. */
const RECEIPT_KEYS_FILE = join('data', 'receipt-keys.json');

async function keysOf({ configFile, terminal }: CounterPlace, signal: AbortSignal): Promise<TerminalKeys> {
  const { stdout } = await runOnce([...PROGRAMS.terminal, 'key', '--receipt-key', '--config', configFile], signal);
  const [publicKey = '', receiptKey = ''] = stdout.split('\n');
  if (!/^[A-Za-z0-9_-]{43}$/.test(publicKey)) throw new Error(`terminal ${terminal} printed no public key`);
  return { publicKey, receiptKey };
}

async function register(
  { terminal, number }: CounterPlace,
  { publicKey, receiptKey }: TerminalKeys,
  config: string,
  signal: AbortSignal,
): Promise<void> {
  const add = ['terminal', 'add', terminal, '--window', String(number), '--public-key', publicKey, '--receipt-key'];
  try {
    await runOnce([...PROGRAMS.operator, ...add, '--config', config], signal, receiptKey);
  } catch (error) {
    if (!isExisting(error)) throw error;
    // Registered by an earlier start on the same data, which may have known no receipt keys.
    if (existsSync(join(dirname(config), RECEIPT_KEYS_FILE))) return;
    const addKey = ['terminal', 'receipt-key', 'add', terminal, '--config', config];
    await runOnce([...PROGRAMS.operator, ...addKey], signal, receiptKey);
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'stderr' in error && String(error.stderr).startsWith('terminal-exists');
}

/** A command, not a part of the hall: it must not take its standard input for a parent to watch. */
async function runOnce([program, ...args]: Command, signal: AbortSignal, input = ''): Promise<{ stdout: string }> {
  const { PJQ_PARENT_PIPE: _parents, ...env } = process.env;
  const options = { env: { ...env, PJQ_NODE: process.execPath }, signal, timeout: 60_000 };
  const running = run(program, args, options);
  // A command that has ended reads nothing more; what became of it, its exit tells.
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input);
  return running;
}
