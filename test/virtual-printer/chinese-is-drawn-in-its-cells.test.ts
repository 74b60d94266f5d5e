import { expect, test } from 'vitest';
import { black, CHINESE, CUT, cut, FS, GS, HEAD_DOTS, INIT, KANJI, PrinterAtWork } from './printer-at-work.js';

test('Chinese is drawn in cells of 24 dots, each character its own, and none of them the box of a missing glyph', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  // The last one, GB18030 0xFEFE's private-use neighbour AAA1 (U+E000), is in no font: it shows the box.
  wire.say(
    INIT,
    KANJI,
    CHINESE.评价回执,
    'A1',
    [0xaa, 0xa1],
    '\n',
    [GS, 0x21, 0x11],
    CHINESE.评价回执,
    '\n',
    [FS, 0x2e],
    CUT,
  );
  await wire.settled();

  expect(await printer.lines()).toEqual(['评价回执A1\ue000', '评价回执', '-- cut --']);
  const picture = await printer.picture();
  expect(picture.width).toBe(384);
  const cell = (index: number) => cut(picture, index * 24, HEAD_DOTS, 24, 24);
  const characters = [cell(0), cell(1), cell(2), cell(3)];
  const box = cut(picture, 4 * 24 + 2 * 12, HEAD_DOTS, 24, 24);
  expect(black(box)).toBeGreaterThan(40);
  for (const character of characters) {
    expect(black(character)).toBeGreaterThan(60);
    expect(character).not.toEqual(box);
    expect(characters.filter((other) => other.join() === character.join())).toHaveLength(1);
  }
  // Half cells: two of them in the place of one.
  expect(black(cut(picture, 96, HEAD_DOTS, 12, 24))).toBeGreaterThan(20);
  expect(black(cut(picture, 108, HEAD_DOTS, 12, 24))).toBeGreaterThan(15);
  // The doubled line is the first, every dot four times.
  const doubled = cut(picture, 0, HEAD_DOTS + 30, 48, 48);
  expect(doubled.filter((_, y) => y % 2 === 0).map((row) => row.replace(/(.)./g, '$1'))).toEqual(characters[0]);
});
