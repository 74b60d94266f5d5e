/**
 * Any bytes from the board, cut anywhere: nothing throws, nothing presses, nothing grows. The bytes are weighted to
 * what would hurt: port messages that show a key down, answers out of turn, sysex without an end.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageGate, MOST_SYSEX_BYTES } from '../../hw/firmata/message-gate.js';
import { pressAndSee, serves, startCounter, until } from './bench-counter.js';

const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(0x90, 0x91, 0xe0, 0xf0, 0xf7, 0xf9, 0xff, 0x79, 0x6a, 0x6c, 0x6e, 0x00, 0x74, 0x78, 0x7c, 0x7f),
);
/** What boards send, whole: they are what a cut makes dangerous. */
const message = fc.constantFrom(
  [0x90, 0x78, 0x00],
  [0x90, 0x7c, 0x00],
  [0xf9, 2, 5],
  [0xf0, 0x79, 2, 5, 0x41, 0, 0xf7],
  [0xf0, 0x6c, 0x7f, 0x7f, 0, 1, 1, 1, 0x7f, 0xf7],
  [0xf0, 0x6a, 0x7f, 0x7f, 0, 0xf7],
  [0xf0, 0x71, 0x41, 0xf7],
);
const bytes = fc
  .array(
    fc.oneof(
      message,
      fc.array(byte, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(255), { minLength: 1, maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.flat());

const messagesOf = (pieces: readonly (readonly number[])[]) => {
  const gate = new MessageGate();
  const passed: number[][] = [];
  let faults = 0;
  for (const piece of pieces) {
    const passage = gate.push(Uint8Array.from(piece));
    passed.push(...passage.messages.map((one) => [...one]));
    faults += passage.faults;
    expect(gate.waiting).toBeLessThan(MOST_SYSEX_BYTES);
  }
  return { passed, faults };
};

it('the same messages come through the gate, whatever the chunk boundary', () => {
  fc.assert(
    fc.property(bytes, (all) => {
      const whole = messagesOf([all]);
      for (let cut = 1; cut < all.length; cut += 1)
        expect(messagesOf([all.slice(0, cut), all.slice(cut)])).toEqual(whole);
      expect(messagesOf(all.map((one) => [one]))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

it('a sysex without an end is let go, and what comes behind is heard', () => {
  const gate = new MessageGate();
  let faults = 0;
  for (let n = 0; n < 20_000; n += 1) {
    faults += gate.push(Uint8Array.of(n === 0 ? 0xf0 : 0x11)).faults;
    expect(gate.waiting).toBeLessThan(MOST_SYSEX_BYTES);
  }
  expect(faults).toBeGreaterThan(0);
  expect(gate.push(Uint8Array.of(0xf9, 2, 5)).messages).toHaveLength(1);
});

it('the driver makes no press of them, tells the doubt, and serves when they end', async () => {
  const { board, driver, witness } = await startCounter();
  let degraded = 0;
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 24 }), async (all, at) => {
      const from = witness.links.length;
      board.garbage(Uint8Array.from(all.slice(0, at)));
      // The rest goes as a chunk of its own.
      await new Promise((resolve) => setImmediate(resolve));
      board.garbage(Uint8Array.from(all.slice(at)));
      await until(() => board.hasClient);
      degraded += witness.links.slice(from).filter((state) => state !== 'connected').length;
      expect(witness.presses).toEqual([]);
      expect(witness.total('chord')).toBe(0);
    }),
    { numRuns: 150 },
  );
  await serves(driver);
  expect(degraded).toBeGreaterThan(0);
  await pressAndSee(board, witness, 3);
  expect(witness.presses).toEqual([3]);
});

it('every place to cut a message that shows a key down is harmless', async () => {
  const { board, driver, witness } = await startCounter();
  // Noise, the key down, noise, the key down: as if a worn cable let something through.
  const all = [0x55, 0x90, 0x78, 0x00, 0xf0, 0x90, 0x78, 0x00, 0xc1];
  for (let cut = 1; cut < all.length; cut += 1) {
    board.garbage(Uint8Array.from(all.slice(0, cut)));
    await new Promise((resolve) => setImmediate(resolve));
    board.garbage(Uint8Array.from(all.slice(cut)));
    await until(() => driver.link !== 'connected');
    await serves(driver);
  }
  expect(witness.presses).toEqual([]);
  await pressAndSee(board, witness, 1);
  expect(witness.presses).toEqual([1]);
});
