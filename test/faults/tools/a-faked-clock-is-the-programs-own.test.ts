import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { FakedClock, noFakedClocks } from './faked-clock.js';

const TICKER = `setInterval(() => console.log(Date.now() + ' ' + Math.round(Number(process.hrtime.bigint()) / 1e6)), 20)`;

it.skipIf((await noFakedClocks()) !== undefined)(
  'a program follows the steps of its faked clock, and its monotonic clock follows none',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pjq-clock-'));
    const clock = new FakedClock(join(folder, 'clock'));
    const ticker = spawn(process.execPath, ['-e', TICKER], {
      env: { ...process.env, ...clock.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let last = { wallMs: 0, monoMs: 0 };
    const monos: number[] = [];
    createInterface({ input: ticker.stdout }).on('line', (line) => {
      const [wallMs = 0, monoMs = 0] = line.split(' ').map(Number);
      last = { wallMs, monoMs };
      monos.push(monoMs);
    });
    const offHours = () => Math.round((last.wallMs - Date.now()) / 3_600_000);
    try {
      for (const [offset, hours] of [
        ['+0', 0],
        ['+1h', 1],
        ['-1h', -1],
        ['+10y', 10 * 365 * 24],
        ['-48y', -48 * 365 * 24],
        ['+0', 0],
      ] as const) {
        clock.set(offset);
        await expect
          // Years differ by their leap days.
          .poll(() => monos.length > 0 && Math.abs(offHours() - hours) <= (Math.abs(hours) > 24 ? 300 : 0), {
            timeout: 15_000,
          })
          .toBe(true);
      }
      expect(Math.abs(last.monoMs - Math.round(Number(process.hrtime.bigint()) / 1e6))).toBeLessThan(2_000);
      const steps = monos.slice(1).map((mono, index) => mono - (monos[index] ?? 0));
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...steps)).toBeLessThan(5_000);
    } finally {
      const ended = once(ticker, 'exit');
      ticker.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  },
);
