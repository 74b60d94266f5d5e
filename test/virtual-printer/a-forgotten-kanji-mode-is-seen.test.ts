import { expect, test } from 'vitest';
import { CHINESE, CUT, INIT, KANJI, PrinterAtWork } from './printer-at-work.js';

test('Chinese without FS & is the garbage of code page 437, as on paper', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say(INIT, CHINESE.评价回执, '\n', KANJI, CHINESE.评价回执, '\n', CUT);
  await wire.settled();

  expect(await printer.lines()).toEqual(['╞└╝█╗╪╓┤', '评价回执', '-- cut --']);
});

test('ESC @ ends kanji mode and loses the line that was not printed', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say(KANJI, CHINESE.窗口, INIT, CHINESE.窗口, '\n', CUT);
  await wire.settled();

  expect(await printer.lines()).toEqual(['┤░┐┌', '-- cut --']);
});
