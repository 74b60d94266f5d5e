/** What every program does as a process: end on signals, end with its parent, explain why it could not start. */
import { PjqError } from '../errors.js';
import { EXIT_CONFIG } from './configuration.js';

/**
 * Runs a program's `main`. A fault at start is told on stderr with its hint; a configuration fault exits
 * with 78, any other with 1.
 * @param main starts the program and answers its `stop`.
 */
export async function runProgram(main: () => Promise<() => Promise<void>>): Promise<void> {
  let stop: (() => Promise<void>) | undefined;
  try {
    stop = await main();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof PjqError && /^(config|policy|profile)-invalid$/.test(error.code) ? EXIT_CONFIG : 1);
  }
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), 5_000).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.env['PJQ_PARENT_PIPE'] === '1') endWithParent(end);
}

/** Ends when standard input closes: the parent holds the other end of it, and dies with it, even by SIGKILL. */
function endWithParent(end: () => void): void {
  process.stdin.on('end', end);
  process.stdin.on('close', end);
  process.stdin.on('error', end);
  process.stdin.resume();
}

export function explain(error: unknown): string {
  if (error instanceof PjqError) return `${error.code}: ${error.message}\n${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
