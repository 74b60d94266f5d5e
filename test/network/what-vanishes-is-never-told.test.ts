import { expect, test, vi } from 'vitest';
import { echoThroughWire } from './wire-at-work.js';

/** A second line, made when the wire is good again, works: it tells that there was time enough for the first. */
test.each(['there', 'back', 'both'] as const)(
  'bytes that vanish (%s) are never told: the line is dead and open, and a new one works',
  async (vanishing) => {
    const { link, dial } = await echoThroughWire();
    const line = await dial();
    line.socket.write('before');
    await vi.waitFor(() => expect(line.heard).toBe('before'));

    link.change({ vanishing });
    const size = 2 * 1024 * 1024;
    line.socket.write(Buffer.alloc(size));
    // A wire swallows all of it, however much; only what comes back may have been on its way before.
    await vi.waitFor(() => expect(link.lostBytes).toBeGreaterThanOrEqual(size));
    link.change({ vanishing: 'nothing' });
    line.socket.write('and this as well');

    const fresh = await dial();
    fresh.socket.write('fresh');
    await vi.waitFor(() => expect(fresh.heard).toBe('fresh'));
    expect([line.heard, line.ended, line.closed]).toEqual(['before', false, false]);
  },
);

test('a line on which nothing was said while bytes vanished goes on', async () => {
  const { link, dial } = await echoThroughWire();
  const line = await dial();
  line.socket.write('a');
  await vi.waitFor(() => expect(line.heard).toBe('a'));
  link.change({ vanishing: 'both' });
  link.change({ vanishing: 'nothing' });
  line.socket.write('b');
  await vi.waitFor(() => expect(line.heard).toBe('ab'));
});

test('a cut resets the dead lines too', async () => {
  const { link, dial } = await echoThroughWire();
  const line = await dial();
  link.change({ vanishing: 'both' });
  line.socket.write('gone');
  const other = await dial();
  other.socket.write('gone');
  await vi.waitFor(() => expect(link.lostBytes).toBe(8));
  link.change({ cut: true });
  await vi.waitFor(() => expect([line.closed, other.closed]).toEqual([true, true]));
  await vi.waitFor(() => expect(link.connections).toBe(0));
});

test('the end of one program is not told to the other either', async () => {
  const { link, dial } = await echoThroughWire();
  const line = await dial();
  line.socket.write('a');
  await vi.waitFor(() => expect(line.heard).toBe('a'));
  link.change({ vanishing: 'there' });
  line.socket.write('gone');
  await vi.waitFor(() => expect(link.lostBytes).toBe(4));
  line.socket.resetAndDestroy();
  link.change({ vanishing: 'nothing' });
  const fresh = await dial();
  fresh.socket.write('fresh');
  await vi.waitFor(() => expect(fresh.heard).toBe('fresh'));
  // The half towards the server is open still: two connections, though one of them has nobody at its near end.
  expect(link.connections).toBe(2);
});
