import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openByteLink } from '../../hw/link/byte-link.js';
import { hasSocat } from '../hw/cable.js';
import { until } from '../hw/witness.js';

// A port whose other side is gone answers each read with no bytes at once, and serialport then reads for ever: the box
// that has no heartbeat would never be missed. It happens when the port is pulled out while it is being read.
it.skipIf(!hasSocat())('although the box says nothing of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-pulled-'));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
  for (let round = 0; round < 3; round += 1) {
    const path = join(folder, `box${round}`);
    const socat = spawn('socat', ['-u', 'OPEN:/dev/zero', `PTY,link=${path},raw,echo=0`], { stdio: 'ignore' });
    onTestFinished(() => void socat.kill('SIGKILL'));
    await until(() => existsSync(path));
    const told = { bytes: 0, reason: '' };
    openByteLink(
      { kind: 'serial', path, baud: 9_600, flow: 'none' },
      {
        opened: () => undefined,
        received: (bytes) => (told.bytes += bytes.length),
        closed: (reason) => (told.reason = reason),
      },
    );
    await until(() => told.bytes > 10_000);
    socat.kill('SIGKILL');
    await until(() => told.reason !== '', 4_000);
    expect(told.reason).toContain(path);
  }
});
