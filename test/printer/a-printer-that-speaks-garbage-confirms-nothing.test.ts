import fc from 'fast-check';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { AnswerReader } from '../../hw/escpos/status-answers.js';
import { noiseBytes } from '../../simulator/process/noise-bytes.js';
import { driverAt, profileWith, slipSaying, startPrinter, until } from './bench-printer.js';

it('while the printer holds the slip, whatever it says', async () => {
  const { peer, printer } = await startPrinter();
  expect(await printer.print(slipSaying('first'))).toEqual({ outcome: 'printed' });
  peer.paperBytes = 40;
  let outcome: unknown;
  const printing = printer.print(slipSaying('second')).then((ended) => (outcome = ended));
  await until(() => printer.status.paper === 'out');
  // Each has what looks like a confirmation; together with noise it is none.
  for (let seed = 1; seed <= 20; seed += 1) peer.say(...noiseBytes(64, seed), 0x00, 0xff);
  const asked = peer.realTimeQuestions;
  await until(() => peer.realTimeQuestions > asked + 20);
  expect(outcome).toBeUndefined();
  expect(peer.slips).toHaveLength(1);
  peer.loadPaper();
  expect(await printing).toEqual({ outcome: 'printed' });
  expect(peer.slips.map(({ rows }) => rows[0])).toEqual(['first', 'second']);
});

it('nor when it comes before the answer, byte by byte, for any bytes', async () => {
  const { peer, printer } = await startPrinter();
  expect(await printer.print(slipSaying('first'))).toEqual({ outcome: 'printed' });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 24 }), fc.nat(23), async (bytes, at) => {
      // One of pure answers is what a printer says that has printed; it cannot be told from one.
      const garbage = Uint8Array.of(...bytes, 0xff);
      peer.paperBytes = 40;
      let outcome: unknown;
      const printing = printer.print(slipSaying('held')).then((ended) => (outcome = ended));
      await until(() => peer.cause === 'paper-out');
      peer.say(...garbage.subarray(0, at));
      peer.say(...garbage.subarray(at));
      const asked = peer.realTimeQuestions;
      await until(() => peer.realTimeQuestions > asked + 4);
      expect(outcome).toBeUndefined();
      peer.loadPaper();
      expect(await printing).toEqual({ outcome: 'printed' });
    }),
    { numRuns: 5 },
  );
});

it('and one that speaks nothing else gets no slip, and is lost', async () => {
  const sockets = new Set<Socket>();
  let seed = 0;
  let written = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    // Each question is answered by garbage, in which any byte comes sooner or later.
    socket.on('data', (bytes) => {
      if (bytes.includes(0x1b)) written += 1;
      socket.write(Uint8Array.of(...noiseBytes(100, (seed += 1)), 0xff));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { printer, told } = driverAt((server.address() as AddressInfo).port, profileWith({}));
  await until(() => told.filter(({ link }) => link === 'lost').length >= 1 && sockets.size >= 3);
  expect(told.map(({ link }) => link)).not.toContain('connected');
  for (let n = 0; n < 5; n += 1)
    expect(await printer.print(slipSaying('no'))).toMatchObject({ outcome: 'not-printed' });
  expect(written).toBe(0);
});

it('of what it says no more than three bytes are ever held', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
      const reader = new AnswerReader();
      let held = 0;
      for (const chunk of chunks) {
        // XON and XOFF are nothing at all; every other byte is held until it is part of an answer.
        held += chunk.filter((byte) => byte !== 0x11 && byte !== 0x13).length;
        for (const { kind } of reader.push(chunk)) held -= kind === 'automatic' ? 4 : 1;
        expect(held).toBeGreaterThanOrEqual(0);
        expect(held).toBeLessThanOrEqual(3);
      }
    }),
  );
  // Not even of one that begins for ever, and never ends.
  expect(new AnswerReader().push(new Uint8Array(100_000).fill(0x10))).toHaveLength(100_000 - 1);
});
