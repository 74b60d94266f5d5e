/** What a program said of itself in its log: JSON lines, each with the pid of its writer. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { SupervisedProcess } from './supervised-process.js';

/** The line comes first; later ones are not looked through. */
const READ_BYTES = 16 * 1024;

/** A number that the present run has logged, e.g. the port that it took; `undefined` when it has not yet. */
export function loggedNumber(process: SupervisedProcess, field: string): number | undefined {
  const { pid } = process;
  if (pid === undefined) return undefined;
  for (const line of linesFrom(process.logFile, process.logOffset)) {
    const entry = parseObject(line);
    const value = entry?.['pid'] === pid ? entry[field] : undefined;
    if (typeof value === 'number') return value;
  }
  return undefined;
}

function linesFrom(file: string, offset: number): string[] {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(READ_BYTES);
    return buffer
      .subarray(0, readSync(handle, buffer, 0, READ_BYTES, offset))
      .toString('utf8')
      .split('\n');
  } finally {
    closeSync(handle);
  }
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Half a line, or a stack trace: nothing that a program says of itself.
    return undefined;
  }
}
