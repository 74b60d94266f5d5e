import { expect, it } from 'vitest';
import { driverAt, profileWith, serves, slipSaying, startPrinter, until } from './bench-printer.js';
import { startPeer } from './escpos-peer.js';

it.each([
  ['paper-out', 'the printer has no paper', { paper: 'out' }],
  ['cover-open', 'the cover of the printer is open', { cover: 'open' }],
  ['cutter', 'the cutter of the printer is jammed', { cutter: 'error' }],
  ['offline', 'the printer is offline or reports an error', { link: 'degraded' }],
] as const)('when its state is %s, and not one byte of the slip has left', async (cause, reason, status) => {
  const { peer, printer, told } = await startPrinter();
  await until(() => peer.confirmations === 1);
  const before = peer.received.length;
  peer.cause = cause;
  expect(await printer.print(slipSaying('no'))).toEqual({ outcome: 'not-printed', reason });
  expect(peer.received.slice(before)).toEqual([]);
  expect(printer.status).toMatchObject(status);
  expect(told.at(-1)).toEqual(printer.status);
  peer.cause = 'nothing';
  expect(await printer.print(slipSaying('yes'))).toEqual({ outcome: 'printed' });
  expect(peer.slips.map(({ rows }) => rows[0])).toEqual(['yes']);
});

it('prints while the paper is near its end, and tells that it is', async () => {
  const { peer, printer } = await startPrinter();
  peer.cause = 'near-end';
  expect(await printer.print(slipSaying('last'))).toEqual({ outcome: 'printed' });
  expect(printer.status.paper).toBe('near-end');
});

it('when it is away; it is found again when it comes back', async () => {
  const { peer, port } = await startPeer();
  await peer.close();
  const { printer, told } = driverAt(port);
  expect(await printer.print(slipSaying('no'))).toMatchObject({ outcome: 'not-printed' });
  await until(() => told.length === 1);
  expect(told).toEqual([{ link: 'lost', paper: 'unknown', cover: 'unknown', cutter: 'unknown', online: 'unknown' }]);
  const { peer: second } = await startPeer(port);
  await serves(printer);
  expect(await printer.print(slipSaying('back'))).toEqual({ outcome: 'printed' });
  second.cut();
  await until(() => told.at(-1)?.link === 'lost');
  await serves(printer);
  expect(await printer.print(slipSaying('again'))).toEqual({ outcome: 'printed' });
  expect(told.map(({ link }) => link)).toEqual(['lost', 'connected', 'lost', 'connected']);
});

it('when it falls silent; it is lost after three rounds, and found when it speaks', async () => {
  const { peer, printer, told } = await startPrinter();
  await until(() => peer.confirmations === 1);
  const before = peer.received.length;
  peer.answersStatus = false;
  expect(await printer.print(slipSaying('no'))).toEqual({
    outcome: 'not-printed',
    reason: 'the printer does not answer',
  });
  expect(peer.received.slice(before)).toEqual([]);
  await until(() => printer.status.link === 'lost' && peer.connections >= 2);
  expect(told.map(({ link }) => link)).toEqual(['connected', 'degraded', 'lost']);
  peer.answersStatus = true;
  await serves(printer);
});

it('but a mute one cannot: its slips leave, and stay unknown', async () => {
  const { peer, port } = await startPeer();
  peer.answersStatus = false;
  peer.answersConfirmation = false;
  const { printer, told } = driverAt(port, profileWith({ status: { realTime: false, confirm: 'none' } }));
  await serves(printer);
  expect(await printer.print(slipSaying('one'))).toEqual({
    outcome: 'unknown',
    reason: 'this printer cannot tell whether it printed',
  });
  expect(await printer.print(slipSaying('two'))).toMatchObject({ outcome: 'unknown' });
  await until(() => peer.slips.length === 2);
  expect(peer.slips.map(({ rows }) => rows[0])).toEqual(['one', 'two']);
  expect([peer.realTimeQuestions, peer.confirmations]).toEqual([0, 0]);
  expect(told).toEqual([
    { link: 'connected', paper: 'unknown', cover: 'unknown', cutter: 'unknown', online: 'unknown' },
  ]);
});

it('is printed without a confirmation where status is good before and after, else unknown', async () => {
  const { peer, printer } = await startPrinter(profileWith({ status: { confirm: 'none', pollMs: 100 } }));
  expect(await printer.print(slipSaying('one'))).toEqual({ outcome: 'printed' });
  expect(peer.confirmations).toBe(0);
  peer.paperBytes = 40;
  expect(await printer.print(slipSaying('two'))).toEqual({ outcome: 'unknown', reason: 'the printer has no paper' });
});
