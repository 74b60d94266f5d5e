import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AnswerReader, printerReading } from '../../hw/escpos/status-answers.js';
import { slipSaying, startPrinter, until } from './bench-printer.js';

it('and neither an unsolicited status nor other bytes confirm a slip', async () => {
  const { peer, printer } = await startPrinter();
  expect(await printer.print(slipSaying('first'))).toEqual({ outcome: 'printed' });
  peer.answersConfirmation = false;
  let outcome: unknown;
  const printing = printer.print(slipSaying('second')).then((ended) => (outcome = ended));
  await until(() => peer.slips.length === 2);
  // Unsolicited status (four bytes, the last three zero), XON, XOFF, text, a status nobody asked for, high bytes.
  peer.say(0x14, 0x00, 0x00, 0x00, 0x11, 0x13, ...Buffer.from('OK\r\n'), 0x12, 0xff, 0x80, 0x1a);
  const asked = peer.realTimeQuestions;
  await until(() => peer.realTimeQuestions > asked + 8);
  expect(outcome).toBeUndefined();
  // Amid noise one such byte is not enough: the printer is asked again.
  peer.answersConfirmation = true;
  peer.say(0x00);
  expect(await printing).toEqual({ outcome: 'printed' });
  expect(peer.connections).toBe(1);
});

it('an answer is found in the midst of an unsolicited status', () => {
  const reader = new AnswerReader();
  expect(reader.push(Uint8Array.of(0x10, 0x00, 0x16, 0x0f, 0x0f, 0x0f))).toEqual([
    { kind: 'status', byte: 0x16 },
    {
      kind: 'automatic',
      reading: { paper: 'out', cover: 'closed', cutter: 'ok', online: 'online', fault: false },
    },
    { kind: 'confirmation', byte: 0x0f },
  ]);
});

it('any bytes at all are read without an error, and the same however they are split', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, at) => {
      const split = new AnswerReader();
      const parts = [...split.push(bytes.subarray(0, at)), ...split.push(bytes.subarray(at))];
      expect(parts).toEqual(new AnswerReader().push(bytes));
    }),
  );
});

it('each bit of the status has its meaning', () => {
  const well = { paper: 'ok', cover: 'closed', cutter: 'ok', online: 'online', fault: false };
  const offline = { ...well, online: 'offline' };
  expect(printerReading([0x12, 0x12, 0x12, 0x12])).toEqual(well);
  // The drawer's pin is no fault.
  expect(printerReading([0x16, 0x12, 0x12, 0x12])).toEqual(well);
  expect(printerReading([0x1a, 0x16, 0x12, 0x12])).toEqual({ ...offline, cover: 'open' });
  expect(printerReading([0x1a, 0x32, 0x12, 0x12])).toEqual({ ...offline, paper: 'out' });
  expect(printerReading([0x12, 0x12, 0x12, 0x72])).toEqual({ ...well, paper: 'out' });
  expect(printerReading([0x12, 0x12, 0x12, 0x1e])).toEqual({ ...well, paper: 'near-end' });
  expect(printerReading([0x1a, 0x52, 0x1a, 0x12])).toEqual({ ...offline, cutter: 'error' });
  expect(printerReading([0x1a, 0x12, 0x12, 0x12])).toEqual({ ...offline, fault: true });
  expect(printerReading([0x12, 0x52, 0x12, 0x12])).toEqual({ ...well, fault: true });
  for (const error of [0x16, 0x32, 0x52])
    expect(printerReading([0x12, 0x12, error, 0x12])).toEqual({ ...well, fault: true });
});
