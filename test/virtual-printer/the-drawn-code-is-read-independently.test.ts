import { expect, test } from 'vitest';
import { CHINESE, CUT, ESC, INIT, KANJI, PrinterAtWork, qr } from './printer-at-work.js';

const URL = 'https://hall.example/r/AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

test('an independent reader reads the code from the drawn slip', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say(INIT, KANJI, [ESC, 0x61, 1], CHINESE.请扫码, '\n', qr(URL), '\n', CUT);
  await wire.settled();

  expect(await printer.scan()).toBe(URL);
  expect(await printer.lines()).toEqual(['请扫码', `[QR ${URL}]`, '', '-- cut --']);
});

test('the code is printed with modules of the size that was set, without a quiet zone of its own', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  // Version 1: 21 modules. Its first row begins with the seven black modules of a finder.
  wire.say(INIT, qr('PJQ', { size: 5 }), CUT);
  await wire.settled();

  const { width, grey } = await printer.picture();
  const row = [...grey.subarray(16 * width, 17 * width)].map((value) => (value < 128 ? '#' : '.')).join('');
  expect(row).toMatch(/^#{35}\.{5}/);
  expect(row.lastIndexOf('#')).toBe(21 * 5 - 1);
});

test('a length field that says too much swallows what follows: no code comes out', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  // Eight bytes more than there are: the print function is eaten with its beginning.
  wire.say(INIT, 'before\n', qr(URL, { claimed: URL.length + 8 }), 'after\n', CUT);
  await wire.settled();

  expect(await printer.scan()).toBeUndefined();
  expect(await printer.lines()).toEqual(['before', 'after', '-- cut --']);
});

test('a length field that says too little prints a shorter code and the rest as text', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say(INIT, qr('https://hall.example/r/ABCDEF', { claimed: 23 }), '\n', CUT);
  await wire.settled();

  expect(await printer.lines()).toEqual(['ABCDEF', '[QR https://hall.example/r/]', '', '-- cut --']);
});
