import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boxBytes } from '../../simulator/keypad/box-forms.js';
import { fingerRests, until } from '../hw/witness.js';
import { KEYPAD_NAMES, quickForm, quickProfile, serves, startCounter, type KeypadName } from './keypad-rig.js';

/** Longer than a key needs to stand, so that one that was believed would have been told. */
const STANDS_MS = quickProfile('serial-keypad-ascii').chordWindowMs + 20;

const keyDown = (name: KeypadName, level: 1 | 2 | 3 | 4 | 5) => boxBytes(quickForm(name).down[level]);

const total = (states: readonly string[], state: string) => states.filter((one) => one === state).length;

it.each([
  ['serial-keypad-framed', 'the key', 4],
  ['serial-keypad-framed', 'the sum', 5],
  ['serial-keypad-events', 'the key', 3],
  ['serial-keypad-events', 'the sum', 5],
  ['serial-keypad-events', 'the trailer', 7],
] as const)('not even a whole frame of %s that is wrong in %s alone', async (name, _, at) => {
  const { keypad, driver, witness } = await startCounter(name);
  const frame = keyDown(name, 5);
  // Each comes to keys that count: nothing but the frame itself keeps it from being a press.
  for (let bit = 0; bit < 3; bit += 1) {
    await serves(driver);
    keypad.garbage(frame.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte)));
    await until(() => total(witness.links, 'degraded') === bit + 1);
  }
  await serves(driver);
  expect(witness.presses).toEqual([]);
  keypad.press(5);
  await until(() => witness.presses.length === 1);
});

// A box without a checksum: what stands alone is believed, what stands in a burst is not.
it.each([
  ['behind', (frame: Uint8Array) => [0x7f, ...frame]],
  ['before', (frame: Uint8Array) => [...frame, 0x7f]],
  ['before the beginning of another', (frame: Uint8Array) => [...frame, 0x31]],
  ['between', (frame: Uint8Array) => [0x00, ...frame, 0xff]],
  ['twice between', (frame: Uint8Array) => [0x00, ...frame, 0x80, ...frame, 0xff]],
])('of a box without a sum, a whole frame %s noise', async (_, wrap) => {
  // What came last is known to be noise only when a key would long have stood.
  const profile = quickProfile('serial-keypad-ascii', { gapMs: 90 });
  const { keypad, driver, witness } = await startCounter('serial-keypad-ascii', { profile });
  keypad.garbage(Uint8Array.from(wrap(keyDown('serial-keypad-ascii', 5))));
  await until(() => witness.links.includes('degraded'));
  await serves(driver);
  expect(witness.links).toEqual(['connected', 'degraded', 'connected']);
  expect(witness.presses).toEqual([]);
  keypad.press(2);
  await until(() => witness.presses.length === 1);
  expect(witness.presses).toEqual([2]);
});

it('of a box without a sum, the halves of a frame that come apart', async () => {
  const { keypad, driver, witness } = await startCounter('serial-keypad-ascii');
  const [digit, end] = keyDown('serial-keypad-ascii', 4);
  keypad.garbage(Uint8Array.of(digit ?? 0));
  await until(() => driver.link === 'degraded');
  keypad.garbage(Uint8Array.of(end ?? 0));
  await fingerRests(STANDS_MS);
  await serves(driver);
  expect(witness.presses).toEqual([]);
});

it('of a box whose keys must be told twice, a frame that came once', async () => {
  const name = 'serial-keypad-framed';
  const { keypad, witness } = await startCounter(name, { profile: quickProfile(name, { confirmFrames: 2 }) });
  keypad.garbage(keyDown(name, 5));
  await fingerRests(3 * STANDS_MS);
  expect(witness.told.map(({ kind }) => kind)).toEqual(['link']);
  // The box tells a held key again and again.
  keypad.press(4);
  await until(() => witness.presses.length === 1);
  keypad.release(4);
  expect(witness.presses).toEqual([4]);
});

it.each(KEYPAD_NAMES)('any bytes on the line of %s, which serves again', async (name) => {
  const { keypad, driver, witness } = await startCounter(name);
  const { down, up } = quickForm(name);
  // Weighted to what is nearly a frame. 0x80 is in none of them without its sum, so that each piece is noise.
  const near = fc.constantFrom(...Object.values(down), ...Object.values(up ?? {})).chain((hex) => {
    const bytes = [...boxBytes(hex)];
    return fc.nat(bytes.length - 1).map((at) => bytes.slice(0, at));
  });
  const wild = fc.array(fc.nat(255), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(near, wild), { minLength: 1, maxLength: 8 }), async (chunks) => {
      await serves(driver);
      const before = total(witness.links, 'degraded');
      for (const chunk of chunks) {
        keypad.garbage(Uint8Array.from([...chunk, 0x80]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => total(witness.links, 'degraded') > before);
      expect(witness.presses).toEqual([]);
    }),
    { numRuns: 12 },
  );
  await serves(driver);
  expect(witness.presses).toEqual([]);
  keypad.press(3);
  await until(() => witness.presses.length === 1);
  expect(witness.presses).toEqual([3]);
});
