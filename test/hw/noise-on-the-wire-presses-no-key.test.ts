import { createServer } from 'node:net';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import {
  driverAt,
  fingerRests,
  pressAndSee,
  QUICK_PROFILE,
  QUICK_TIMINGS,
  serves,
  startCounter,
  until,
} from './bench-counter.js';
import { heapBytes } from './heap-bytes.js';

it('never makes a press, never throws, and the board serves again', async () => {
  const { board, driver, witness } = await startCounter();
  // Weighted to what would hurt: port messages that show a key down, sysex cut short, answers out of turn.
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x90, 0x78, 0x74, 0x6c, 0x00, 0xf0, 0xf7, 0xf9, 0x79, 0x6a, 0x6e, 0x91),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc
          .uint8Array({ minLength: 1, maxLength: 12 })
          .chain((plain) => fc.oneof(fc.constant([...plain]), fc.array(byte, { minLength: 1, maxLength: 12 }))),
        { minLength: 1, maxLength: 8 },
      ),
      async (chunks) => {
        for (const chunk of chunks) {
          board.garbage(Uint8Array.from(chunk));
          await new Promise((resolve) => setImmediate(resolve));
        }
        await until(() => board.hasClient);
      },
    ),
    { numRuns: 60 },
  );
  await serves(driver);
  const presses = witness.presses.length;
  expect(presses).toBe(0);
  await pressAndSee(board, witness, 3);
  expect(witness.presses).toEqual([3]);
});

it.each([
  ['one', [0x90, 0x78, 0x00]],
  ['two equal', [0x90, 0x78, 0x00, 0x90, 0x78, 0x00]],
])('is not believed even as %s well-formed message(s) that show a key down', async (_, bytes) => {
  const { board, witness } = await startCounter();
  for (const level of [5, 4, 3, 2, 5, 4, 3, 2] as const) {
    board.garbage(Uint8Array.from(bytes));
    // Long enough for the key to have been debounced and taken, had it been believed.
    await fingerRests(30);
    await pressAndSee(board, witness, level);
  }
  expect(witness.presses).toEqual([5, 4, 3, 2, 5, 4, 3, 2]);
});

it('makes the link degraded until the keys were read anew, so that nothing doubtful counts', async () => {
  const { board, driver, witness } = await startCounter();
  board.garbage(Uint8Array.of(0x55, 0xc1, 0xf7));
  await until(() => witness.links.length === 3);
  expect(witness.links).toEqual(['connected', 'degraded', 'connected']);
  await serves(driver);
  await pressAndSee(board, witness, 1);
  expect(witness.presses).toEqual([1]);
});

it('does not arm the keys while one is still held from before', async () => {
  const { board, driver, witness } = await startCounter();
  board.press(4);
  await until(() => witness.presses.length === 1);
  board.garbage(Uint8Array.of(0x55));
  await until(() => driver.link === 'degraded');
  await fingerRests(3 * QUICK_PROFILE.armUpMs);
  expect(driver.link).toBe('degraded');
  board.release(4);
  await serves(driver);
  await pressAndSee(board, witness, 5);
  expect(witness.presses).toEqual([4, 5]);
});

it('keeps nothing of pins that are told again and again', async () => {
  // Patient: the answers to its questions wait behind a quarter of a megabyte.
  const { board, driver, witness } = await startCounter({ timings: { ...QUICK_TIMINGS, probeMs: 10_000 } });
  // Analog channels of all pins; then of more than there are, on which firmata-io would throw.
  const mapping = (pins: number) => [0xf0, 0x6a, ...Array.from({ length: pins }, () => 0x01), 0xf7];
  board.garbage(Uint8Array.from(mapping(20)));
  await pressAndSee(board, witness, 4);
  const before = heapBytes();
  board.garbage(Uint8Array.from(Array.from({ length: 10_000 }, () => mapping(20)).flat()));
  board.garbage(Uint8Array.from(mapping(60)));
  await pressAndSee(board, witness, 2);
  expect(heapBytes() - before).toBeLessThan(500_000);
  expect(driver.link).toBe('connected');
  expect(witness.links).toEqual(['connected']);
  expect(witness.presses).toEqual([4, 2]);
});

it('ends the connection when firmata-io chokes on a well-formed message, and not the program', async () => {
  // A board that tells the analog channels of pins which it has not told of.
  const senseless = Uint8Array.from([0xf9, 2, 5, 0xf0, 0x79, 2, 5, 0x41, 0, 0xf7, 0xf0, 0x6a, 0x7f, 0x7f, 0xf7]);
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.resume().write(senseless);
  });
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const { driver, witness } = driverAt(`tcp://127.0.0.1:${address.port}`);
  driver.start(witness.events);
  await until(() => connections >= 2);
  expect(witness.told[0]).toMatchObject({
    kind: 'link',
    state: 'lost',
    reason: expect.stringMatching(/nonsense/) as string,
  });
});
