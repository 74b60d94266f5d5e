/** The virtual board against bytes of the protocol document, without our driver: golden bytes, both ways. */
import { expect, it } from 'vitest';
import { startBoard, until } from './bench-counter.js';
import { firmataHost } from './firmata-host.js';

const openHost = async (port: number) => {
  const host = await firmataHost(port);
  await host.take(BOOT.length);
  return host;
};

const NAME = [...'StandardFirmata.ino'].flatMap((letter) => [letter.charCodeAt(0), 0]);
const VERSION = [0xf9, 2, 5];
const FIRMWARE = [0xf0, 0x79, 2, 5, ...NAME, 0xf7];
const BOOT = [...VERSION, ...FIRMWARE];

it('announces itself, and answers version, firmware, capability and mapping queries', async () => {
  const { board, port } = await startBoard();
  const host = await openHost(port);
  expect(board.hasClient).toBe(true);
  host.send(0xf9);
  expect(await host.take(3)).toEqual(VERSION);
  host.send(0xf0, 0x79, 0xf7);
  expect(await host.take(FIRMWARE.length)).toEqual(FIRMWARE);
  host.send(0xf0, 0x69, 0xf7);
  expect(await host.take(23)).toEqual([0xf0, 0x6a, ...Array.from({ length: 14 }, () => 0x7f), 0, 1, 2, 3, 4, 5, 0xf7]);
  host.send(0xf0, 0x6b, 0xf7);
  // Pins 0 and 1 can nothing; pin 2: input, pull-up, output, servo; pin 3 has PWM beside.
  expect(await host.take(23)).toEqual([
    0xf0, 0x6c, 0x7f, 0x7f, 0, 1, 11, 1, 1, 1, 4, 14, 0x7f, 0, 1, 11, 1, 1, 1, 3, 8, 4, 14,
  ]);
});

it('reports a port at once when it is told to, then only what changes', async () => {
  const { board, port } = await startBoard();
  const host = await openHost(port);
  host.send(0xf4, 2, 11, 0xf4, 3, 11, 0xd0, 1);
  expect(await host.take(3)).toEqual([0x90, 0x0c, 0x00]);
  board.press(1);
  expect(await host.take(3)).toEqual([0x90, 0x08, 0x00]);
  board.press(1);
  board.release(1);
  expect(await host.take(3)).toEqual([0x90, 0x0c, 0x00]);
  host.send(0xd0, 0);
  host.send(0xf9);
  await host.take(3);
  board.press(2);
  host.send(0xf9);
  expect(await host.take(3)).toEqual(VERSION);
});

it('reads an open pin high only with its pull-up, by mode 11 or by writing 1 to an input', async () => {
  const { port } = await startBoard();
  const host = await openHost(port);
  host.send(0xf4, 2, 0, 0xd0, 1);
  expect(await host.take(3)).toEqual([0x90, 0x00, 0x00]);
  host.send(0x90, 0x04, 0x00, 0xd0, 1);
  expect(await host.take(3)).toEqual([0x90, 0x04, 0x00]);
  host.send(0xf0, 0x6d, 2, 0xf7);
  expect(await host.take(6)).toEqual([0xf0, 0x6e, 2, 0, 1, 0xf7]);
});

it('drives lamps by port, by pin and by PWM, and darkens all on reset', async () => {
  const { board, port } = await startBoard();
  const host = await openHost(port);
  host.send(0xf4, 8, 1, 0xf4, 9, 1, 0x91, 0x03, 0x00);
  await until(() => board.lamps().accepted);
  expect(board.lamps()).toEqual({ invited: true, accepted: true, fault: false });
  host.send(0xf5, 8, 0);
  await until(() => !board.lamps().invited);
  host.send(0xf4, 10, 3, 0xea, 0x7f, 0x01);
  await until(() => board.lamps().fault);
  host.send(0xff);
  await until(() => !board.lamps().accepted);
  expect(board.lamps()).toEqual({ invited: false, accepted: false, fault: false });
});

it('serves one client at a time: the last one wins and finds a board fresh from reset', async () => {
  const { board, port } = await startBoard();
  const first = await openHost(port);
  first.send(0xf4, 9, 1, 0x91, 0x02, 0x00);
  await until(() => board.lamps().accepted);
  const second = await openHost(port);
  await until(() => first.isClosed());
  expect(board.lamps().accepted).toBe(false);
  second.send(0xf9);
  expect(await second.take(3)).toEqual(VERSION);
});
