/** Folders of a run, on the disk that is measured. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function newFolder(what: string, within = tmpdir()): string {
  return mkdtempSync(join(within, `pjq-${what}-`));
}

/** A program that is just ending may still write there. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
