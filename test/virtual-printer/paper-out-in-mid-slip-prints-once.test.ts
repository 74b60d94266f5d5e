import { expect, test, vi } from 'vitest';
import { CHINESE, CUT, GS, INIT, KANJI, PrinterAtWork, qr, QUERY } from './printer-at-work.js';

test('paper runs out in mid slip; after the reload the slip is there once, and only then GS r is answered', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  expect((await printer.set({ paperAfterLines: 2 })).status).toBe(200);
  wire.say(INIT, KANJI, CHINESE.评价回执, '\n', 'two\n', 'three\n', qr('https://hall.example/r/x'), CUT, [GS, 0x72, 1]);
  await vi.waitFor(async () => expect(await printer.state()).toMatchObject({ paper: 'out', paperAfterLines: null }));

  // The real-time status is answered although the buffer stands still.
  wire.say(QUERY(1), QUERY(2), QUERY(3), QUERY(4));
  expect(await wire.answer(4)).toEqual([0x1a, 0x32, 0x12, 0x7e]);
  expect(await printer.lines()).toEqual(['评价回执', 'two']);
  expect(await (await printer.get('/slips')).json()).toMatchObject([{ n: 1, complete: false }]);

  await printer.set({ paper: 'ok' });
  expect(await wire.answer(1)).toEqual([0]);
  expect(await printer.lines()).toEqual(['评价回执', 'two', 'three', '[QR https://hall.example/r/x]', '-- cut --']);
  expect(await (await printer.get('/slips')).json()).toMatchObject([{ n: 1, complete: true }]);
});

test('what is sent by a client that has gone is printed after the reload, and its answers go to nobody else', async () => {
  const printer = await new PrinterAtWork().ready();
  await printer.set({ paper: 'out' });
  const first = await printer.wire();
  first.say(INIT, 'held\n', CUT, [GS, 0x72, 1], QUERY(4));
  await first.answer(1);
  first.socket.destroy();
  await vi.waitFor(async () => expect(await printer.state()).toMatchObject({ client: false }));

  const second = await printer.wire();
  second.say(QUERY(4));
  await second.answer(1);
  await printer.set({ paper: 'near-end' });
  second.say([GS, 0x49, 1]);
  expect(await second.answer(1)).toEqual([0x20]);
  expect(await printer.lines()).toEqual(['held', '-- cut --']);
});

test('a printer that stands still stops reading at 64 KiB, and loses nothing of it', async () => {
  const printer = await new PrinterAtWork().ready();
  await printer.set({ cover: 'open' });
  const wire = await printer.wire();
  const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`);
  wire.say(INIT, lines.join(''), CUT, [GS, 0x72, 1]);
  await vi.waitFor(async () => expect((await printer.state())['heldBytes']).toBeGreaterThanOrEqual(64 * 1024));
  // All of it has left the client, and a question behind it; the printer reads neither.
  await new Promise<void>((resolve) => void wire.socket.write(Uint8Array.from(QUERY(1)), () => resolve()));
  for (let look = 0; look < 3; look++) expect((await printer.state())['heldBytes']).toBeLessThanOrEqual(2 * 64 * 1024);
  expect(wire.heard).toEqual([]);

  await printer.set({ cover: 'closed' });
  expect(await wire.answer(2)).toHaveLength(2);
  const printed = await printer.lines();
  expect(printed).toHaveLength(60_001);
  expect(printed[59_999]).toBe('line 59999');
});
