import { expect, it } from 'vitest';
import {
  driverAt,
  profileWith,
  rowsOf,
  serves,
  slipSaying,
  RECEIPT_URL,
  startPrinter,
  until,
} from './bench-printer.js';

// The slip is about 180 bytes: within the text, within the QR data, in the last command.
it.each([6, 17, 60, 120, 146, 150, 156])('after %i bytes, and the next slip comes out whole', async (bytes) => {
  const { peer, printer } = await startPrinter();
  expect(await printer.print(slipSaying('warm'))).toEqual({ outcome: 'printed' });
  peer.cutAfterBytes = bytes;
  const outcome = await printer.print(slipSaying('torn'));
  expect(outcome).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('the connection broke') });
  peer.cutAfterBytes = Infinity;
  await until(() => peer.connections === 2 && printer.status.link === 'connected');
  expect(await printer.print(slipSaying('补打'))).toEqual({ outcome: 'printed' });
  const rows = peer.slips.at(-1)?.rows ?? [];
  expect(rows.slice(-2)).toEqual(['补打', `[QR ${RECEIPT_URL}]`]);
});

it('when the last byte has left but no confirmation came', async () => {
  const { peer, printer } = await startPrinter();
  expect(await printer.print(slipSaying('warm'))).toEqual({ outcome: 'printed' });
  peer.answersConfirmation = false;
  const printing = printer.print(slipSaying('whole'));
  await until(() => peer.slips.length === 2);
  peer.cut();
  expect(await printing).toMatchObject({ outcome: 'unknown' });
  expect(rowsOf(peer, 1)[0]).toBe('whole');
});

it('when a printer that cannot confirm is cut off, too; its next slip is not swallowed', async () => {
  const { peer, printer } = await startPrinter(profileWith({ status: { confirm: 'none', pollMs: 100 } }));
  expect(await printer.print(slipSaying('warm'))).toEqual({ outcome: 'printed' });
  peer.cutAfterBytes = 100;
  expect(await printer.print(slipSaying('torn'))).toMatchObject({ outcome: 'unknown' });
  peer.cutAfterBytes = Infinity;
  await until(() => peer.connections === 2 && printer.status.link === 'connected');
  expect(await printer.print(slipSaying('补打'))).toEqual({ outcome: 'printed' });
  await until(() => peer.slips.length === 2);
  expect(rowsOf(peer, 1).slice(-2)).toEqual(['补打', `[QR ${RECEIPT_URL}]`]);
});

it('and a program that starts anew does not lose its first slip in the half command of the one before', async () => {
  const { peer, port, printer } = await startPrinter();
  expect(await printer.print(slipSaying('warm'))).toEqual({ outcome: 'printed' });
  peer.cutAfterBytes = 100;
  expect(await printer.print(slipSaying('torn'))).toMatchObject({ outcome: 'unknown' });
  peer.cutAfterBytes = Infinity;
  await printer.stop();
  const { printer: next } = driverAt(port);
  await serves(next);
  expect(await next.print(slipSaying('补打'))).toEqual({ outcome: 'printed' });
  expect(peer.slips.at(-1)?.rows.slice(-2)).toEqual(['补打', `[QR ${RECEIPT_URL}]`]);
});
