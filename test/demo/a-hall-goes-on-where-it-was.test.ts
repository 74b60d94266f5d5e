import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { DemoAtWork, freePorts, quickPolicy, temporaryFolder } from './demo-at-work.js';

test('a second start on the same data goes on where the killed one was', async () => {
  const folder = temporaryFolder();
  const options = {
    ports: await freePorts(1),
    terminals: 1,
    dataDir: join(folder, 'data'),
    policyFile: quickPolicy(folder),
  };
  const first = await new DemoAtWork(options).ready();
  await first.open(1, 'before');
  expect(await first.press(1, 2)).toMatchObject({ status: 200 });
  await first.end('SIGKILL');

  const second = await new DemoAtWork(options).ready();

  const held = async () => (await second.ledger()).map(({ caseNo, satisfaction }) => [caseNo, satisfaction]);
  await vi.waitFor(async () => expect(await held()).toEqual([['before', 2]]), { timeout: 15_000, interval: 50 });
  expect(await second.open(1, 'after')).toMatchObject({ status: 201 });
  expect(await second.press(1, 5)).toMatchObject({ status: 200 });
  await vi.waitFor(
    async () =>
      expect(await held()).toEqual([
        ['before', 2],
        ['after', 5],
      ]),
    { timeout: 15_000, interval: 50 },
  );
  for (const secret of ['business-system', 'centre']) {
    expect(statSync(join(options.dataDir, 'secrets', secret)).mode & 0o777).toBe(0o600);
  }
}, 180_000);
