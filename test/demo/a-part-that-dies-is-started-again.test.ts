import { expect, test, vi } from 'vitest';
import { demoOfTheFile, type DemoAtWork } from './demo-at-work.js';

const hall = demoOfTheFile(1);

/** Kills a part outright. @returns when another run of it is there. */
async function kill(demo: DemoAtWork, name: string): Promise<void> {
  const pid = await demo.pidOf(name);
  if (pid === undefined) throw new Error(`${name} is not running`);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(
    async () => {
      const next = await demo.pidOf(name);
      expect(next).toBeDefined();
      expect(next).not.toBe(pid);
    },
    { timeout: 10_000, interval: 20 },
  );
}

async function ready(demo: DemoAtWork): Promise<void> {
  await vi.waitFor(
    async () => expect(await demo.ask('/api/ready')).toEqual({ status: 200, body: { ready: true, missing: [] } }),
    { timeout: 30_000, interval: 50 },
  );
}

test('a part that dies is started again, and the next press counts', async () => {
  const demo = hall();
  const parts = ['gateway', 'centre', 'terminal-1', 'board-1'];
  for (const [index, name] of parts.entries()) {
    await kill(demo, name);
    await ready(demo);
    expect(await demo.open(1, `after-${name}`)).toMatchObject({ status: 201 });
    expect(await demo.press(1, index + 1)).toMatchObject({ status: 200 });
    await vi.waitFor(
      async () =>
        expect((await demo.ledger()).map(({ caseNo, satisfaction }) => [caseNo, satisfaction])).toContainEqual([
          `after-${name}`,
          index + 1,
        ]),
      { timeout: 15_000, interval: 50 },
    );
  }
  expect(await demo.ledger()).toHaveLength(parts.length);
}, 180_000);

test('while the gateway is down, a service is answered 502 and readiness tells it', async () => {
  const demo = hall();
  const pid = (await demo.pidOf('gateway')) ?? Number.NaN;
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await demo.pidOf('gateway')).not.toBe(pid), { interval: 5 });
  expect(await demo.open(1, 'too early')).toMatchObject({
    status: 502,
    type: 'application/problem+json',
    body: { code: 'gateway-unreachable' },
  });
  await ready(demo);
}, 120_000);
