import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FaultyLink } from '../../simulator/network/faulty-link.js';
import { echoThroughWire, Line } from './wire-at-work.js';

test('a good wire passes every byte both ways, and the end in its turn', async () => {
  const { link, dial } = await echoThroughWire();
  const line = await dial();
  const size = 3 * 1024 * 1024;
  line.socket.write(Buffer.alloc(size, 7));
  line.socket.end('the end');
  await vi.waitFor(() => expect(line.ended).toBe(true), { timeout: 10_000 });
  expect(line.bytes).toBe(size + 'the end'.length);
  await vi.waitFor(() => expect(link.connections).toBe(0));
});

test('a cut wire resets what is open and what is tried, and carries again after it was restored', async () => {
  const { link, port, dial } = await echoThroughWire();
  const line = await dial();
  line.socket.write('before');
  await vi.waitFor(() => expect(line.heard).toBe('before'));

  link.change({ cut: true });
  await vi.waitFor(() => expect(line.closed).toBe(true));
  expect(line.ended, 'a reset, not an end in order').toBe(false);
  const tried = connect({ port, host: '127.0.0.1' });
  const [error] = (await once(tried, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');

  link.change({ cut: false });
  const again = await dial();
  again.socket.write('after');
  await vi.waitFor(() => expect(again.heard).toBe('after'));
});

test('a slow wire delays each way and keeps the order, also when it becomes quick', async () => {
  const { link, dial } = await echoThroughWire();
  const line = await dial();
  line.socket.write('0');
  await vi.waitFor(() => expect(line.heard).toBe('0'));

  link.change({ latencyMs: 150 });
  const sentMs = performance.now();
  line.socket.write('1');
  await vi.waitFor(() => expect(line.heard).toBe('01'), { interval: 5 });
  expect(performance.now() - sentMs).toBeGreaterThanOrEqual(298);

  line.socket.write('2');
  // The far side of the wire has read it before the latency goes: it may not be overtaken.
  await new Promise((resolve) => setImmediate(resolve));
  link.change({ latencyMs: 0 });
  line.socket.write('3');
  await vi.waitFor(() => expect(line.heard).toBe('0123'));
});

test('a stalled wire stays open, says nothing, and says it all afterwards', async () => {
  const { link, dial } = await echoThroughWire();
  const line = await dial();
  line.socket.write('a');
  await vi.waitFor(() => expect(line.heard).toBe('a'));

  link.change({ stalled: true });
  line.socket.write('b');
  const other = await dial();
  other.socket.write('also a new one');
  // A second wire to the same place, which works, tells that there was time enough.
  const { dial: dialGood } = await echoThroughWire();
  const good = await dialGood();
  good.socket.write('good');
  await vi.waitFor(() => expect(good.heard).toBe('good'));
  expect([line.heard, line.closed, other.heard]).toEqual(['a', false, '']);

  link.change({ stalled: false });
  await vi.waitFor(() => expect([line.heard, other.heard]).toEqual(['ab', 'also a new one']));
});

test('a program that dies behind the wire is told as a reset', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const link = new FaultyLink({ targetPort: typeof address === 'object' && address !== null ? address.port : 0 });
  const { port } = await link.start();
  onTestFinished(async () => {
    await link.stop();
    server.close();
  });
  const line = await Line.dial(port);
  line.socket.write('die');
  await vi.waitFor(() => expect([line.closed, line.ended]).toEqual([true, false]));

  server.close();
  await vi.waitFor(async () => {
    const late = await Line.dial(port);
    await vi.waitFor(() => expect([late.closed, late.ended]).toEqual([true, false]));
  });
});
