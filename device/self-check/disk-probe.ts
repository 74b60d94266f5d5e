/** Looks at the disk under the log: how much room there is, and whether it takes what is written. */
import { open, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { finding, type Probe } from './probe.js';

/** Room for some months of a busy terminal, and the room below which the database itself gets into trouble. */
export const LOW_BYTES = 200 * 1024 * 1024;
export const OUT_BYTES = 20 * 1024 * 1024;
/** A card that takes so long to take 4 KB is at its end. */
export const SLOW_WRITE_MS = 1_500;
export const PROBE_FILE = 'self-check.probe';
const PROBE_BYTES = 4_096;

export interface DiskProbeParts {
  /** Where the log is. */
  readonly folder: string;
  readonly monoMs: () => number;
  readonly lowBytes?: number;
  readonly outBytes?: number;
}

export function diskProbe(parts: DiskProbeParts): Probe {
  return {
    items: ['log-space', 'log-write'],
    run: async () => [await space(parts), await write(parts)],
  };
}

async function space({ folder, lowBytes = LOW_BYTES, outBytes = OUT_BYTES }: DiskProbeParts) {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < outBytes) return finding('log-space', 'fail', 'log-space-out');
    return free < lowBytes ? finding('log-space', 'limited', 'log-space-low') : finding('log-space', 'pass');
  } catch {
    return finding('log-space', 'fail', 'log-space-unknown');
  }
}

/** Writes and syncs a file of its own, so that neither a full disk nor one that has gone read-only stays unseen. */
async function write({ folder, monoMs }: DiskProbeParts) {
  const file = join(folder, PROBE_FILE);
  const beganMonoMs = monoMs();
  try {
    const handle = await open(file, 'w', 0o600);
    try {
      await handle.writeFile(Buffer.alloc(PROBE_BYTES, 0x5a));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await unlink(file);
  } catch {
    return finding('log-write', 'fail', 'log-write-failed');
  }
  return monoMs() - beganMonoMs > SLOW_WRITE_MS
    ? finding('log-write', 'limited', 'log-write-slow')
    : finding('log-write', 'pass');
}
