import { expect, test } from 'vitest';
import { realTimeStatus, READY, type PrinterState } from '../../simulator/printer/printer-state.js';
import { GS, PrinterAtWork, QUERY } from './printer-at-work.js';

test.each<[Partial<PrinterState>, number[]]>([
  [{}, [0x12, 0x12, 0x12, 0x12]],
  [{ paper: 'near-end' }, [0x12, 0x12, 0x12, 0x1e]],
  [{ paper: 'out' }, [0x1a, 0x32, 0x12, 0x7e]],
  [{ cover: 'open' }, [0x1a, 0x16, 0x12, 0x12]],
  [{ cutter: 'error' }, [0x1a, 0x52, 0x1a, 0x12]],
  [{ online: false }, [0x1a, 0x12, 0x12, 0x12]],
])('%j is told as %j by DLE EOT 1 to 4', (state, bytes) => {
  expect([1, 2, 3, 4].map((n) => realTimeStatus(n, { ...READY, ...state }))).toEqual(bytes);
});

test('automatic status comes when it is switched on and at every change', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  wire.say([GS, 0x61, 0xff]);
  expect(await wire.answer(4)).toEqual([0x10, 0, 0, 0]);
  await printer.set({ cover: 'open' });
  expect(await wire.answer(4)).toEqual([0x38, 0, 0, 0]);
  await printer.set({ cover: 'closed', paper: 'out' });
  expect(await wire.answer(4)).toEqual([0x18, 0, 0x0f, 0]);
});

test('the process id comes back in the order of the buffer', async () => {
  const printer = await new PrinterAtWork().ready();
  const wire = await printer.wire();
  await printer.set({ paper: 'out' });
  wire.say('x\n', [GS, 0x28, 0x48, 6, 0, 48, 48, 0x31, 0x32, 0x33, 0x34], QUERY(4));
  expect(await wire.answer(1)).toEqual([0x7e]);
  await printer.set({ paper: 'ok' });
  expect(await wire.answer(7)).toEqual([0x37, 0x22, 0x31, 0x32, 0x33, 0x34, 0]);
});

test('a second client waits for its turn', async () => {
  const printer = await new PrinterAtWork().ready();
  const first = await printer.wire();
  first.say(QUERY(1));
  await first.answer(1);
  const second = await printer.wire();
  second.say(QUERY(1));
  first.say(QUERY(4));
  await first.answer(1);
  expect(second.heard).toEqual([]);
  first.socket.destroy();
  expect(await second.answer(1)).toEqual([0x12]);
});
