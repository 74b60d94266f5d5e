import { expect, it } from 'vitest';
import { fingerRests, pressAndSee, QUICK_TIMINGS, startCounter, until } from '../hw/bench-counter.js';
import { heapBytes } from '../hw/heap-bytes.js';

const START_SYSEX = 0xf0;
const MEGABYTE = 1_000_000;

/** Heap and the buffers beside it, of this process with the driver in it. */
function held(): number {
  const heap = heapBytes();
  return heap + process.memoryUsage().arrayBuffers;
}

it.each([
  ['a sysex that never ends', Uint8Array.from({ length: MEGABYTE }, (_, n) => (n === 0 ? START_SYSEX : n % 0x80))],
  [
    'sysex that begins again and again',
    Uint8Array.from({ length: MEGABYTE }, (_, n) => (n % 3 === 0 ? START_SYSEX : 1)),
  ],
  ['texts without end', Uint8Array.from({ length: MEGABYTE }, (_, n) => [START_SYSEX, 0x71, 0x41, 0xf7][n % 4] ?? 0)],
  ['pins that change without end', Uint8Array.from({ length: MEGABYTE }, (_, n) => [0x91, n % 0x80, 0][n % 3] ?? 0)],
])('%s: memory stays bounded, no press is made, and the board serves again', async (_, bytes) => {
  // Patient: the answers to its questions wait behind a megabyte.
  const { board, witness } = await startCounter({ timings: { ...QUICK_TIMINGS, probeMs: 10_000 } });
  await pressAndSee(board, witness, 4);
  const before = held();
  board.garbage(bytes);
  board.garbage(Uint8Array.of(0xf7));
  // What is pressed while the wire is noisy counts for nothing, so a patient finger presses again.
  await until(async () => {
    board.press(2);
    await fingerRests(100);
    board.release(2);
    await fingerRests(100);
    return witness.presses.length > 1;
  }, 20_000);
  // Buffers that nobody holds are given back a while after the collection.
  await until(() => Promise.resolve(held() - before < MEGABYTE / 2), 5_000);
  expect(witness.presses.slice(0, 2)).toEqual([4, 2]);
});
