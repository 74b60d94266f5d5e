import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mechanism, type Sender } from '../../simulator/printer/mechanism.js';
import type { Slip } from '../../simulator/printer/slip.js';
import { slipText } from '../../simulator/printer/slip-text.js';
import { bytesOf, CHINESE, CUT, ESC, FS, GS, INIT, KANJI, qr, QUERY } from './printer-at-work.js';

const STREAM = bytesOf(
  INIT, [ESC, 0x74, 0], 'plain \x80\xc4\n', KANJI, [ESC, 0x61, 1], [GS, 0x21, 0x11], CHINESE.评价回执, '\n',
  [GS, 0x21, 0], [FS, 0x2d, 1], CHINESE.窗口, ' 3', [0x81, 0x30, 0x84, 0x36], '\n', [FS, 0x2e], QUERY(1),
  [ESC, 0x44, 8, 16, 0], 'a\tb\tc\n', [ESC, 0x20, 2], 'sp\n', [ESC, 0x42, 1, 1],
  qr('https://hall.example/r/x'), [GS, 0x76, 0x30, 0, 2, 0, 2, 0, 0xff, 0x0a, 0x10, 0x40],
  [ESC, 0x2a, 33, 2, 0, 1, 2, 3, 4, 5, 6], '\n', [GS, 0x6b, 4], 'CODE\0', [GS, 0x6b, 73, 4], '{B12',
  [GS, 0x28, 0x4c, 12, 0, 48, 112, 48, 1, 1, 49, 8, 0, 2, 0, 0xaa, 0x55], [GS, 0x28, 0x4c, 2, 0, 48, 50],
  [GS, 0x38, 0x4c, 12, 0, 0, 0, 48, 112, 48, 1, 1, 49, 8, 0, 2, 0, 0xaa, 0x55], [GS, 0x28, 0x4c, 2, 0, 48, 50],
  [ESC, 0x5a], [GS, 0x28, 0x48, 6, 0, 48, 48, 1, 2, 3, 4], [GS, 0x49, 67], 'end', [ESC, 0x64, 3], [GS, 0x56, 66, 10],
  'next\n', CUT, [GS, 0x72, 1],
); // prettier-ignore

function print(chunks: readonly Uint8Array[]) {
  const answers: number[] = [];
  const sender: Sender = { send: (bytes) => answers.push(...bytes) };
  const mechanism = new Mechanism({ widthDots: 384, now: () => 0 });
  for (const chunk of chunks) mechanism.receive(chunk, sender);
  return {
    slips: mechanism.roll.slips,
    unknown: mechanism.unknown,
    answers: answers.toSorted(),
    held: mechanism.heldBytes,
  };
}

const whole = print([STREAM]);

test('every command of the stream is understood but the one that no printer has', () => {
  expect(whole.held).toBe(0);
  expect(whole.slips.map(({ complete }) => complete)).toEqual([true, true]);
  expect(whole.unknown).toEqual(['1b 5a']);
  // DLE EOT, the process id, the model's name, GS r.
  expect(whole.answers).toHaveLength(1 + 7 + 9 + 1);
  expect(whole.slips[0]?.bands.map(({ kind }) => kind)).toEqual([
    ...['line', 'line', 'line', 'line', 'line'],
    ...['qr', 'raster', 'line', 'barcode', 'barcode', 'raster', 'raster', 'line', 'feed', 'feed', 'cut'],
  ]);
});

test('every split of the stream gives the same slips', () => {
  const same = (chunks: readonly Uint8Array[]) => expect(isDeepStrictEqual(print(chunks), whole)).toBe(true);
  same(Array.from(STREAM, (byte) => Uint8Array.of(byte)));
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (places) => {
      const cuts = [0, ...places.toSorted((one, other) => one - other), STREAM.length];
      same(cuts.slice(1).map((end, index) => STREAM.subarray(cuts[index], end)));
    }),
    { numRuns: 100 },
  );
});

test('noise is never fatal, and where its commands have ended the next slip is whole', () => {
  const text = (slips: readonly Slip[]) => slips.map(slipText).join('');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      const alone = print([noise]);
      const { slips } = print([noise, STREAM]);
      if (alone.held > 0 || alone.unknown.some((what) => what.startsWith('too long'))) return;
      expect(text(slips).endsWith(text(whole.slips))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['a block of a function that it does not know', [GS, 0x28, 0x5a, 3, 0, 0x61, 0x62, 0x63], 'GS ( Z'],
  ['a symbol that it does not know', [GS, 0x28, 0x6b, 4, 0, 48, 80, 48, 0x61], 'GS ( k cn 48'],
  ['user-defined characters', [ESC, 0x26, 3, 0x41, 0x42, 1, 1, 2, 3, 1, 4, 5, 6], undefined],
  ['a drawer, a beep, and a panel', [ESC, 0x70, 0, 25, 250, ESC, 0x42, 3, 2, ESC, 0x63, 0x35, 1], undefined],
])('%s makes nothing of the rest garbage', (_, bytes, unknown) => {
  const printed = print([bytesOf(INIT, bytes, 'rest\n', CUT)]);
  expect(printed.slips.map(slipText)).toEqual(['rest\n-- cut --\n']);
  expect(printed.unknown).toEqual(unknown === undefined ? [] : [unknown]);
});
