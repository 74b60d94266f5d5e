import { expect, test } from 'vitest';
import { CUT, INIT, PrinterAtWork, QUERY } from './printer-at-work.js';

test('garbage is as long as it was asked for, and the same for the same seed', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say(QUERY(1));
  await wire.answer(1);
  expect(await (await printer.post('/garbage', { length: 200, seed: 7 })).json()).toEqual({ heard: true });
  const first = await wire.answer(200);
  await printer.post('/garbage', { length: 200, seed: 7 });
  expect(await wire.answer(200)).toEqual(first);
  await printer.post('/garbage', { length: 200, seed: 8 });
  expect(await wire.answer(200)).not.toEqual(first);
  await printer.post('/garbage', {});
  expect(await wire.answer(32)).toHaveLength(32);
  expect(new Set(first).size).toBeGreaterThan(80);
  expect((await printer.post('/garbage', { length: 0 })).status).toBe(400);
});

test('a printer that hangs keeps its connection, and says and prints what came meanwhile when it goes on', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say(INIT, 'before\n');
  await wire.settled();
  expect(await (await printer.post('/stall', { on: true })).json()).toMatchObject({ stalled: true });
  wire.say('after\n', CUT, QUERY(1));
  // Nothing is read, so nothing is answered or printed, whatever is done to it.
  for (const cover of ['open', 'closed']) {
    await printer.set({ cover });
    expect(await printer.lines()).toEqual(['before']);
  }
  expect(await printer.state()).toMatchObject({ stalled: true, client: true, heldBytes: 0 });
  expect(wire.heard).toEqual([]);
  await printer.post('/stall', { on: false });
  expect(await wire.answer(1)).toEqual([0x12]);
  expect(await printer.lines()).toEqual(['before', 'after', '-- cut --']);
});

test('all slips are told with their texts', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say(INIT, 'one\n', CUT, 'two\n', CUT, 'three\n');
  await wire.settled();
  expect(await (await printer.get('/slips')).json()).toMatchObject([
    { n: 1, complete: true, text: 'one\n-- cut --\n' },
    { n: 2, complete: true, text: 'two\n-- cut --\n' },
    { n: 3, complete: false, text: 'three\n' },
  ]);
});
