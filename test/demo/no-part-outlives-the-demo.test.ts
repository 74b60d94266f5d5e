import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAlive, startDemo } from './demo-at-work.js';

test.for(['SIGKILL', 'SIGTERM'] as const)(
  'no part outlives the demo that ends by %s',
  { timeout: 120_000 },
  async (signal) => {
    const demo = await startDemo(2);
    const pids = (await demo.processes()).map(({ pid }) => pid);
    onTestFinished(() => {
      for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
    });
    // Terminal, board and printer of two counters, gateway, centre.
    expect(pids).toHaveLength(8);
    expect(pids.filter(isAlive)).toEqual(pids);

    await demo.end(signal);

    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 10_000, interval: 50 });
    if (signal === 'SIGTERM') expect(demo.child.exitCode).toBe(0);
  },
);

test('the program behind npm run demo takes the demo with it when it is killed outright', async () => {
  const runThrough = new URL('../../scripts/run-through.mjs', import.meta.url).href;
  const stub = fileURLToPath(new URL('./watches-its-parent.mjs', import.meta.url));
  const script = `import { runThrough } from ${JSON.stringify(runThrough)}; runThrough([${JSON.stringify(stub)}], { holdsPipe: true });`;
  const outer = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void outer.kill('SIGKILL'));
  const inner = await new Promise<number>((resolve) =>
    outer.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  onTestFinished(() => {
    if (isAlive(inner)) process.kill(inner, 'SIGKILL');
  });
  expect(isAlive(inner)).toBe(true);

  outer.kill('SIGKILL');

  await vi.waitFor(() => expect(isAlive(inner)).toBe(false), { timeout: 10_000, interval: 50 });
}, 60_000);
