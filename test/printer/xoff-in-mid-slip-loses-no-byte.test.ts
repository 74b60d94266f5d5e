/**
 * On a pty, whose line discipline is the kernel's own: IXON, which serialport sets for `xon-xoff`, works there as on a
 * real port. RTS and CTS are wires, and a pty has none.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openByteLink, type SerialFlow } from '../../hw/link/byte-link.js';
import { hasSocat, startPty } from './pty.js';

const XON = Uint8Array.of(0x11);
const XOFF = Uint8Array.of(0x13);
/** More than all buffers between the two ends together. */
const SLIP = Buffer.alloc(600_000, Buffer.from('请扫码评价本次服务。', 'utf8'));

/** The far side of a serial line: takes everything, and says XOFF once `stopAfter` bytes are there. */
async function startFarSide(stopAfter: number) {
  const taken: Buffer[] = [];
  let total = 0;
  let socket: Socket | undefined;
  const server = createServer({ noDelay: true }, (client) => {
    socket = client;
    client.on('error', () => undefined);
    client.on('data', (bytes) => {
      if (total < stopAfter && total + bytes.length >= stopAfter) client.write(XOFF);
      taken.push(bytes);
      total += bytes.length;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    socket?.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    total: () => total,
    bytes: () => Buffer.concat(taken),
    say: (bytes: Uint8Array) => void socket?.write(bytes),
  };
}

async function openAt(path: string, flow: SerialFlow) {
  const heard: number[] = [];
  const link = openByteLink(
    { kind: 'serial', path, baud: 115_200, flow },
    {
      opened: () => (state.open = true),
      received: (bytes) => heard.push(...bytes),
      closed: () => (state.closed = true),
    },
  );
  const state = { open: false, closed: false, heard, link };
  onTestFinished(async () => {
    link.destroy();
    await expect.poll(() => state.closed).toBe(true);
  });
  await expect.poll(() => state.open, { timeout: 10_000 }).toBe(true);
  return state;
}

/** Settles when the value has been the same at so many looks in a row. */
async function still(value: () => number): Promise<void> {
  let last = Number.NaN;
  let same = 0;
  await expect
    .poll(
      () => {
        same = value() === last ? same + 1 : 0;
        last = value();
        return same;
      },
      { timeout: 20_000, interval: 10 },
    )
    .toBeGreaterThan(20);
}

it.skipIf(!hasSocat())('and the bytes XON and XOFF are no answers of the printer', async () => {
  const far = await startFarSide(1_000);
  const pty = await startPty(far.port);
  const port = await openAt(pty.path, 'xon-xoff');
  let written = false;
  port.link.write(SLIP, () => (written = true));
  await expect.poll(far.total, { timeout: 10_000 }).toBeGreaterThanOrEqual(1_000);
  await still(far.total);
  // It stands: the far side has not got all, and nobody says that all has left.
  expect(far.total()).toBeLessThan(SLIP.length);
  expect(written).toBe(false);
  // What the far side says meanwhile is heard, and does not make the writing be forgotten.
  for (let n = 1; n <= 3; n += 1) {
    far.say(Uint8Array.of(0x16));
    await expect.poll(() => port.heard.length).toBe(n);
  }
  far.say(XON);
  await expect.poll(far.total, { timeout: 20_000 }).toBe(SLIP.length);
  expect(far.bytes().equals(SLIP)).toBe(true);
  expect(written).toBe(true);
  // What the far side said came through, and of flow control nothing.
  expect(port.heard).toEqual([0x16, 0x16, 0x16]);
});

it.skipIf(!hasSocat())('a line without flow control is not stopped, and hears the bytes as they are', async () => {
  const far = await startFarSide(1_000);
  const pty = await startPty(far.port);
  const port = await openAt(pty.path, 'none');
  port.link.write(SLIP);
  await expect.poll(far.total, { timeout: 20_000 }).toBe(SLIP.length);
  await expect.poll(() => port.heard).toEqual([0x13]);
});

it.skipIf(!hasSocat())('a line that is stopped for ever can be closed, and found again', async () => {
  const far = await startFarSide(1_000);
  const pty = await startPty(far.port);
  const port = await openAt(pty.path, 'xon-xoff');
  port.link.write(SLIP);
  await expect.poll(far.total, { timeout: 10_000 }).toBeGreaterThanOrEqual(1_000);
  await still(far.total);
  port.link.destroy();
  await expect.poll(() => port.closed, { timeout: 10_000 }).toBe(true);
  const again = await openAt(pty.path, 'xon-xoff');
  far.say(XON);
  again.link.write(Buffer.from('next'));
  await expect.poll(() => far.bytes().subarray(-4).toString(), { timeout: 10_000 }).toBe('next');
});
