import { execa } from 'execa';
import { expect, it } from 'vitest';
import { driverAt, serves, slipSaying, startPrinter, until } from './bench-printer.js';
import { startPeer } from './escpos-peer.js';

it('while idle, and tells nothing afterwards', async () => {
  const { peer, printer, told } = await startPrinter();
  await printer.stop();
  await until(() => peer.open === 0);
  const before = told.length;
  peer.cause = 'paper-out';
  expect(await printer.print(slipSaying('no'))).toMatchObject({ outcome: 'not-printed' });
  expect(told).toHaveLength(before);
  expect(peer.connections).toBe(1);
});

it('in mid slip, which ends as unknown', async () => {
  const { peer, printer } = await startPrinter();
  expect(await printer.print(slipSaying('first'))).toEqual({ outcome: 'printed' });
  peer.paperBytes = 40;
  const printing = printer.print(slipSaying('second'));
  await until(() => peer.cause === 'paper-out');
  await printer.stop();
  expect(await printing).toMatchObject({ outcome: 'unknown' });
  await until(() => peer.open === 0);
});

it('and may start again', async () => {
  const { peer, port } = await startPeer();
  const { printer } = driverAt(port);
  await serves(printer);
  await printer.stop();
  printer.start({ status: () => undefined });
  await serves(printer);
  expect(await printer.print(slipSaying('again'))).toEqual({ outcome: 'printed' });
  expect(peer.connections).toBe(2);
});

it('so that a program whose driver was stopped ends by itself, printer or no printer', async () => {
  const { peer, port } = await startPeer();
  const { stdout, exitCode } = await execa(
    'node',
    ['--import', 'tsx', 'test/printer/one-slip-and-stop.ts', String(port)],
    {
      timeout: 30_000,
    },
  );
  expect(stdout.split('\n')).toEqual(['printed', 'stopped']);
  expect(exitCode).toBe(0);
  expect(peer.slips).toHaveLength(1);
}, 40_000);
