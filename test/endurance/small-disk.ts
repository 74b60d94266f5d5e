/** A disk of a few megabytes (a tmpfs), to be filled. Only root may mount one. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Why there can be none here; `null` where there can. */
export const NO_SMALL_DISK = process.getuid?.() === 0 ? null : 'only root may mount a small disk';

/** @returns a folder on a disk of its own, gone when the test is over. */
export function smallDisk(megabytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'pjq-test', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  return folder;
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Fills the disk with something else until so much is left. @returns what takes it away again. */
export function fill(folder: string, leaveBytes: number): () => void {
  const file = join(folder, 'something-else');
  const handle = openSync(file, 'w');
  const page = Buffer.alloc(4_096, 1);
  while (freeBytes(folder) > leaveBytes) writeSync(handle, page);
  closeSync(handle);
  return () => rmSync(file);
}
