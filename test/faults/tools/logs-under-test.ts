/**
 * The programs' own code, taken from the folder under test, in this process: where no process boundary matters, many
 * small faults cost what opening a file costs.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TerminalLog, TerminalLogParts } from '../../../device/log/terminal-log.js';
import type * as NodeSuite from '../../../protocol/runtime/node-suite.js';
import type * as LogKey from '../../../protocol/runtime/log-key.js';

/** A terminal's log as its program opens it. */
export interface OpenedLog {
  readonly log: TerminalLog;
  /** What it says that it found. */
  readonly damaged: string | null;
  close(): void;
}

/** A file of the compiled programs. */
export async function compiled<Module>(root: string, path: string): Promise<Module> {
  return (await import(pathToFileURL(join(root, 'dist', path)).href)) as Module;
}

/**
 * Opens a terminal's log by the program's code; the key is the one beside it.
 * @throws what the program would end with.
 */
export async function openTerminalLog(root: string, file: string, source: string): Promise<OpenedLog> {
  const parts = await terminalLogParts(root, file, source);
  const code = await compiled<{ TerminalLog: typeof TerminalLog }>(root, 'device/log/terminal-log.js');
  const log = new code.TerminalLog(parts);
  const { damaged } = log.open();
  return { log, damaged, close: () => log.close() };
}

async function terminalLogParts(root: string, file: string, source: string): Promise<TerminalLogParts> {
  const { nodeSuite, nodeRandomness, systemClock, currentBootId } = await compiled<typeof NodeSuite>(
    root,
    'protocol/runtime/node-suite.js',
  );
  const { openLogKey } = await compiled<typeof LogKey>(root, 'protocol/runtime/log-key.js');
  return {
    file,
    source,
    bootId: currentBootId(),
    suite: nodeSuite,
    signer: openLogKey(join(file, '..', 'log-key.pem')).signer,
    clock: systemClock,
    randomness: nodeRandomness,
    clockState: () => 'free',
  };
}
