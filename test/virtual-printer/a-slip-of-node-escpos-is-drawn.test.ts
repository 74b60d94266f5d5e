import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { Printer } from '@node-escpos/core';
import { Adapter } from '@node-escpos/adapter';
import { expect, test } from 'vitest';
import { black, cut, HEAD_DOTS, PrinterAtWork, Wire } from './printer-at-work.js';

class TcpAdapter extends Adapter<[]> {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  open(callback?: (error: Error | null) => void): this {
    callback?.(null);
    return this;
  }

  write(data: Buffer | string, callback?: (error: Error | null) => void): this {
    this.#socket.write(data, () => callback?.(null));
    return this;
  }

  close(callback?: (error: Error | null) => void): this {
    callback?.(null);
    return this;
  }

  read(): void {
    return undefined;
  }
}

test('text, style and cut calls of @node-escpos/core are drawn as they are meant', async () => {
  const printer = await new PrinterAtWork().ready();
  const socket = connect(printer.port, '127.0.0.1');
  await once(socket, 'connect');
  const wire = new Wire(socket);
  const driver = new Printer(new TcpAdapter(socket), { encoding: 'GB18030' });
  driver
    .font('A')
    .align('CT')
    .style('B')
    .size(2, 2)
    .raw(Buffer.from([0x1c, 0x26]));
  driver
    .text('评价回执')
    .size(1, 1)
    .style('NORMAL')
    .align('LT')
    .text('窗口 3 号')
    .style('U')
    .text('A-0042')
    .align('RT')
    .text('right');
  driver.cut();
  await driver.flush();
  await wire.settled();
  socket.destroy();

  const lines = await printer.lines();
  expect(lines.filter((line) => line !== '')).toEqual(['评价回执', '窗口 3 号', 'A-0042', 'right', '-- cut --']);
  expect((await printer.state())['unknown']).toEqual([]);
  const picture = await printer.picture();
  // Four characters of 48 dots in the middle of 384: paper is white on both sides of them.
  expect(black(cut(picture, 0, HEAD_DOTS, 96, 48))).toBe(0);
  expect(black(cut(picture, 96, HEAD_DOTS, 192, 48))).toBeGreaterThan(1_000);
  expect(black(cut(picture, 288, HEAD_DOTS, 96, 48))).toBe(0);
  // The underline of A-0042: a whole row below its six half cells.
  expect(cut(picture, 0, HEAD_DOTS + 48 + 30 + 23, 80, 1)[0]).toMatch(/^#{72}\.+$/);
  // right: five half cells at the right edge.
  const right = HEAD_DOTS + 48 + 30 + 30;
  expect(black(cut(picture, 0, right, 384 - 60, 30))).toBe(0);
  expect(black(cut(picture, 384 - 60, right, 60, 30))).toBeGreaterThan(100);
});
