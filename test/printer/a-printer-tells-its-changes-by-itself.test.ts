import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { AnswerReader, type PrinterAnswer } from '../../hw/escpos/status-answers.js';
import type { PrinterStatus } from '../../hw/ports/receipt-printer.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import type { PrinterProfile } from '../../hw/profiles/printer-profile.js';
import { PrinterAtWork } from '../virtual-printer/printer-at-work.js';
import { serves, slipSaying } from './bench-printer.js';

/** It is asked once an hour: what is heard sooner it told by itself. */
const ASB: PrinterProfile = {
  ...loadPrinterProfile('escpos-80-asb'),
  status: { realTime: true, confirm: 'gs-r', automatic: true, pollMs: 3_600_000 },
};

async function atWork(profile: PrinterProfile) {
  const paper = await new PrinterAtWork().ready();
  const printer = new EscposPrinter({
    profile,
    address: parsePrinterAddress(`tcp://127.0.0.1:${paper.port}`),
    nextDelayMs: () => 20,
  });
  const told: PrinterStatus[] = [];
  printer.start({ status: (status) => told.push(status) });
  onTestFinished(() => printer.stop());
  await serves(printer);
  return { paper, printer, told };
}

const WELL = { link: 'connected', paper: 'ok', cover: 'closed', cutter: 'ok', online: 'online' } as const;

it.each([
  ['asked as well', ASB],
  ['never asked', { ...ASB, status: { ...ASB.status, realTime: false } }],
])('and each is heard at once, %s', async (_, profile) => {
  const { paper, printer, told } = await atWork(profile);
  await expect.poll(() => printer.status).toEqual(WELL);
  for (const [change, heard] of [
    [{ cover: 'open' }, { cover: 'open', online: 'offline' }],
    [{ cover: 'closed' }, {}],
    [{ paper: 'near-end' }, { paper: 'near-end' }],
    [{ paper: 'out' }, { paper: 'out', online: 'offline' }],
    [{ paper: 'ok' }, {}],
    [{ cutter: 'error' }, { cutter: 'error', online: 'offline' }],
    [{ cutter: 'ok' }, {}],
    [{ online: false }, { link: 'degraded', online: 'offline' }],
    [{ online: true }, {}],
  ] as const) {
    await paper.set(change);
    await expect.poll(() => printer.status).toEqual({ ...WELL, ...heard });
  }
  // A slip between them changes nothing of that, and is confirmed by its own answer.
  expect(await printer.print(slipSaying('one'))).toEqual({ outcome: 'printed' });
  await paper.set({ cover: 'open' });
  await expect.poll(() => told.at(-1)?.cover).toBe('open');
  expect(await printer.print(slipSaying('two'))).toEqual({
    outcome: 'not-printed',
    reason: 'the cover of the printer is open',
  });
});

it('no change is taken for the confirmation of a slip', async () => {
  const { paper, printer } = await atWork(ASB);
  expect(await printer.print(slipSaying('first'))).toEqual({ outcome: 'printed' });
  await paper.set({ paperAfterLines: 1 });
  let outcome: unknown;
  const printing = printer.print(slipSaying('second')).then((ended) => (outcome = ended));
  await expect.poll(() => printer.status.paper).toBe('out');
  for (const cover of ['open', 'closed', 'open', 'closed'] as const) {
    await paper.set({ cover });
    await expect.poll(() => printer.status.cover).toBe(cover);
  }
  expect(outcome).toBeUndefined();
  await paper.set({ paper: 'ok' });
  expect(await printing).toEqual({ outcome: 'printed' });
});

it('it is told apart from the answers to questions, wherever the stream is split', () => {
  const status = fc.constantFrom(0x12, 0x16, 0x1a, 0x1e, 0x32, 0x52, 0x72, 0x7e);
  const confirmation = fc.constantFrom(0x00, 0x03, 0x0c, 0x0f);
  const automatic = fc
    .tuple(
      fc.constantFrom(0x10, 0x14, 0x18, 0x1c, 0x30, 0x38, 0x58),
      fc.constantFrom(0x00, 0x08, 0x20, 0x40),
      confirmation,
      fc.constantFrom(0x00, 0x0f),
      // An answer to DLE EOT may come after each of its bytes, and so may XON and XOFF.
      fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.oneof(status, fc.constantFrom(0x11, 0x13))), {
        maxLength: 3,
      }),
    )
    .map(([a, b, c, d, within]) => {
      const bytes = [a, b, c, d].flatMap((byte, at) => [
        ...within.filter(([place]) => place === at).map(([, other]) => other),
        byte,
      ]);
      const others = bytes.filter((byte) => (byte & 0x93) === 0x12);
      return { bytes, kinds: [...others.map(() => 'status'), 'automatic'] };
    });
  const piece = fc.oneof(
    automatic,
    status.map((byte) => ({ bytes: [byte], kinds: ['status'] })),
    confirmation.map((byte) => ({ bytes: [byte], kinds: ['confirmation'] })),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 6 }), (pieces, cuts) => {
      const bytes = Uint8Array.from(pieces.flatMap((one) => one.bytes));
      const places = [0, ...cuts.map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b), bytes.length];
      const reader = new AnswerReader();
      const answers: PrinterAnswer[] = [];
      for (let n = 1; n < places.length; n += 1) answers.push(...reader.push(bytes.subarray(places[n - 1], places[n])));
      expect(answers.map(({ kind }) => kind)).toEqual(pieces.flatMap((one) => one.kinds));
    }),
    { numRuns: 1_000 },
  );
});
