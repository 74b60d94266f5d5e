import { expect, test, vi } from 'vitest';
import { echoThroughWire } from './wire-at-work.js';

const BITS_PER_SECOND = 96_000;

test('bytes take their time, all connections together, and keep their order', async () => {
  const { link, dial } = await echoThroughWire();
  const lines = [await dial(), await dial()];
  link.change({ bitsPerSecond: BITS_PER_SECOND });
  const text = '0123456789'.repeat(150);
  const sentMs = performance.now();
  for (const line of lines) line.socket.write(text);
  await vi.waitFor(() => expect(lines.map(({ bytes }) => bytes)).toEqual([1_500, 1_500]), { timeout: 5_000 });
  const tookMs = performance.now() - sentMs;
  // 3,000 bytes there: 250 ms; most of the way back overlaps.
  expect(tookMs).toBeGreaterThanOrEqual(245);
  expect(tookMs).toBeLessThan(2_000);
  // A line keeps the beginning of what it has heard.
  expect(lines.map(({ heard }) => heard.length >= 1_000 && text.startsWith(heard))).toEqual([true, true]);
});

test('a wire that is wide again sends at once what still waited', async () => {
  const { link, dial } = await echoThroughWire();
  const line = await dial();
  line.socket.write('0');
  await vi.waitFor(() => expect(line.heard).toBe('0'));
  link.change({ bitsPerSecond: 800 });
  const text = 'x'.repeat(2_000);
  line.socket.write(text); // 20 s of it
  await vi.waitFor(() => expect(line.bytes).toBeGreaterThan(5));
  expect(line.bytes).toBeLessThan(1_000);
  link.change({ bitsPerSecond: null });
  await vi.waitFor(() => expect(line.bytes).toBe(2_001), { timeout: 2_000 });
});
