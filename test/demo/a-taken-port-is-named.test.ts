import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DemoAtWork, freePorts, quickPolicy, temporaryFolder } from './demo-at-work.js';

test('a port that another program holds is named with its option', async () => {
  const ports = await freePorts(1);
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(ports.centre, '127.0.0.1', resolve));
  onTestFinished(() => void holder.close());
  const folder = temporaryFolder();

  const demo = new DemoAtWork({ ports, terminals: 1, dataDir: join(folder, 'data'), policyFile: quickPolicy(folder) });
  await new Promise((resolve) => demo.child.once('close', resolve));

  expect(demo.child.exitCode).toBe(1);
  expect(demo.output).toContain('port-in-use: ');
  expect(demo.output).toContain(`${ports.centre} (--centre-port)`);
}, 60_000);

test('every fault of the command line is told at once', async () => {
  const ports = await freePorts(1);
  const folder = temporaryFolder();
  const demo = new DemoAtWork({
    ports: { ...ports, mqtt: ports.centre, boards: ports.terminals },
    terminals: 1,
    dataDir: join(folder, 'data'),
    policyFile: quickPolicy(folder),
  });
  await new Promise((resolve) => demo.child.once('close', resolve));

  expect(demo.child.exitCode).toBe(78);
  expect(demo.output).toContain(`--centre-port: must not meet --mqtt-port (got ${ports.centre})`);
  expect(demo.output).toContain(`--board-port: must not meet --terminal-port (got ${ports.terminals})`);
}, 60_000);
