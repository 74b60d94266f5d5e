/** The device file is a pty that is opened as a file (see test/receipts): there is no USB printer here. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openByteLink } from '../../hw/link/byte-link.js';
import { hasSocat, startPty } from './pty.js';

async function startFarSide() {
  const taken: Buffer[] = [];
  let socket: Socket | undefined;
  const server = createServer({ noDelay: true }, (client) => {
    socket = client;
    client.on('error', () => undefined);
    client.on('data', (bytes) => taken.push(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    socket?.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => Buffer.concat(taken),
    isThere: () => socket !== undefined,
    say: (bytes: Uint8Array) => void socket?.write(bytes),
  };
}

function openAt(path: string) {
  const state = { opened: 0, heard: [] as number[], closed: [] as string[] };
  const link = openByteLink(
    { kind: 'file', path },
    {
      opened: () => (state.opened += 1),
      received: (bytes) => state.heard.push(...bytes),
      closed: (reason) => state.closed.push(reason),
    },
  );
  onTestFinished(() => link.destroy());
  return { link, state };
}

async function startWire() {
  const far = await startFarSide();
  const pty = await startPty(far.port);
  const { link, state } = openAt(pty.path);
  await expect.poll(() => state.opened === 1 && far.isThere(), { timeout: 10_000 }).toBe(true);
  return { far, pty, link, state };
}

it.skipIf(!hasSocat())('what is written arrives in order, also when the device takes nothing for a while', async () => {
  const { far, pty, link, state } = await startWire();
  const order: number[] = [];
  pty.takes(false);
  const parts = Array.from({ length: 50 }, (_, n) => Buffer.alloc(10_000, n));
  parts.forEach((bytes, n) => link.write(bytes, () => order.push(n)));
  // The kernel holds some of it; then there is no more room, and the rest waits here.
  await expect.poll(() => order.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(order.length).toBeLessThan(parts.length);
  pty.takes(true);
  await expect.poll(() => far.bytes().length, { timeout: 20_000 }).toBe(500_000);
  expect(far.bytes().equals(Buffer.concat(parts))).toBe(true);
  expect(order).toEqual(parts.map((_, n) => n));
  far.say(Uint8Array.of(1, 2, 3));
  await expect.poll(() => state.heard).toEqual([1, 2, 3]);
});

it.skipIf(!hasSocat())('a device that never takes anything holds no more than a megabyte here', async () => {
  const { pty, link, state } = await startWire();
  pty.takes(false);
  for (let n = 0; n < 30; n += 1) link.write(Buffer.alloc(50_000));
  expect(state.closed).toEqual([expect.stringContaining('takes nothing') as string]);
  link.write(Buffer.from('late'));
  expect(state.closed).toHaveLength(1);
});

it.skipIf(!hasSocat())('a device that is pulled out ends the wire, and is another one when it comes back', async () => {
  const { far, pty, state } = await startWire();
  await pty.cut();
  await expect.poll(() => state.closed.length, { timeout: 10_000 }).toBe(1);
  await pty.join();
  const { link, state: second } = openAt(pty.path);
  await expect.poll(() => second.opened, { timeout: 10_000 }).toBe(1);
  link.write(Buffer.from('back'));
  await expect.poll(() => far.bytes().toString(), { timeout: 10_000 }).toBe('back');
  // What was written leaves before the end.
  link.write(Buffer.from(' and gone'));
  link.close();
  await expect.poll(() => second.closed.length).toBe(1);
  await expect.poll(() => far.bytes().toString(), { timeout: 10_000 }).toBe('back and gone');
  expect(state.opened).toBe(1);
});

it('says why when there is no such device', async () => {
  const { state } = openAt('/dev/pjq-nowhere');
  await expect.poll(() => state.closed).toEqual([expect.stringContaining('ENOENT') as string]);
  expect(state.opened).toBe(0);
});
