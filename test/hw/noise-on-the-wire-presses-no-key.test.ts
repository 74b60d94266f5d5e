import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fingerRests, pressAndSee, QUICK_PROFILE, serves, startCounter, until } from './bench-counter.js';

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

it('ends the connection when firmata-io chokes on a well-formed message, and not the program', async () => {
  const { board, driver, witness } = await startCounter();
  // An analog mapping of more pins than the board has.
  board.garbage(Uint8Array.from([0xf0, 0x6a, ...Array.from({ length: 60 }, () => 0x7f), 0xf7]));
  await until(() => witness.links.includes('lost'));
  expect(witness.told.find((entry) => entry.kind === 'link' && entry.state === 'lost')).toMatchObject({
    reason: expect.stringMatching(/nonsense/) as string,
  });
  await serves(driver);
  await pressAndSee(board, witness, 2);
  expect(witness.presses).toEqual([2]);
});
