import { createRequire } from 'node:module';
import { expect, it, onTestFinished } from 'vitest';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { driverAt, pressAndSee, serves, startBoard, startCounter, until } from './bench-counter.js';

/** johnny-five has no types of its own; of it only the table of all Boards is looked at. */
const five = createRequire(import.meta.url)('johnny-five') as {
  readonly Board: { readonly cache: readonly unknown[] };
};

const DARK = { invited: false, accepted: false, fault: false };

it('lights one lamp at a time, never two, and does not flicker when it is told the same again', async () => {
  const { board, driver } = await startCounter();
  const lit = new Set<string>();
  const together: string[][] = [];
  board.onLamp((lamp, on) => {
    if (on) lit.add(lamp);
    else lit.delete(lamp);
    if (lit.size > 1) together.push([...lit]);
  });
  for (const signal of ['invited', 'accepted', 'fault'] as const) {
    driver.setLamps(signal);
    driver.setLamps(signal);
    await until(() => board.lamps()[signal]);
    expect(board.lamps()).toEqual({ ...DARK, [signal]: true });
  }
  driver.setLamps('off');
  await until(() => !board.lamps().fault);
  expect(together).toEqual([]);
  expect(board.lastDigitalWrites).toHaveLength(6);
});

it('puts the last wish back on a board that comes again, without a ghost press', async () => {
  const { board, driver, witness } = await startCounter();
  driver.setLamps('invited');
  await until(() => board.lamps().invited);
  board.press(3);
  await until(() => witness.presses.length === 1);
  board.dropClient();
  await until(() => driver.link === 'lost');
  driver.setLamps('accepted');
  await until(() => board.lamps().accepted);
  // The finger is still on the key: it was pressed before the cut and is no press after it.
  await until(() => driver.link === 'degraded');
  board.release(3);
  await serves(driver);
  expect(board.lamps()).toEqual({ ...DARK, accepted: true });
  await pressAndSee(board, witness, 5);
  expect(witness.presses).toEqual([3, 5]);
  expect(witness.links).toEqual(['connected', 'lost', 'degraded', 'connected']);
});

it('does not press a key whose edge was under way when the cable was cut', async () => {
  const { board, driver, witness } = await startCounter();
  board.press(3);
  board.dropClient();
  board.release(3);
  await until(() => witness.links.includes('lost'));
  await serves(driver);
  await pressAndSee(board, witness, 1);
  expect(witness.presses).toEqual([1]);
});

it('serves again after the board was reset with the connection left open', async () => {
  const { board, driver, witness } = await startCounter();
  driver.setLamps('fault');
  await until(() => board.lamps().fault);
  board.reset();
  expect(board.lamps()).toEqual(DARK);
  await until(() => witness.links.length === 3);
  expect(witness.links).toEqual(['connected', 'lost', 'connected']);
  expect(board.lamps().fault).toBe(true);
  await pressAndSee(board, witness, 2);
  expect(witness.presses).toEqual([2]);
});

it('waits for the board by the schedule that it was given, and begins it anew after the board served', async () => {
  const attempts: number[] = [];
  const { board: away, port } = await startBoard();
  await away.stop();
  const { driver, witness } = driverAt(`tcp://127.0.0.1:${port}`, {
    nextDelayMs: (attempt) => (attempts.push(attempt), 10),
  });
  driver.start(witness.events);
  await until(() => attempts.length >= 4);
  const board = new VirtualBoard({ port });
  onTestFinished(() => board.stop());
  await board.start();
  await serves(driver);
  const failures = attempts.length;
  board.dropClient();
  await until(() => attempts.length > failures);
  expect(attempts).toEqual([...Array.from({ length: failures }, (_, index) => index + 1), 1]);
  expect(witness.links[0]).toBe('lost');
  expect(witness.told[0]).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') as string });
});

it('leaves nothing behind in the tables of johnny-five, however often it reconnects', async () => {
  const before = five.Board.cache.length;
  const { board, driver, witness } = await startCounter();
  for (let cut = 1; cut <= 5; cut += 1) {
    board.dropClient();
    await until(() => witness.links.filter((state) => state === 'connected').length === cut + 1);
  }
  expect(five.Board.cache.length).toBe(before + 1);
  await driver.stop();
  expect(five.Board.cache.length).toBe(before);
});

it('darkens the lamps when it stops, and tells nothing any more', async () => {
  const { board, driver, witness } = await startCounter();
  driver.setLamps('invited');
  await until(() => board.lamps().invited);
  board.press(4);
  await driver.stop();
  const told = witness.told.length;
  expect(board.lamps()).toEqual(DARK);
  await until(() => !board.hasClient);
  await new Promise((resolve) => setImmediate(resolve));
  expect(witness.told).toHaveLength(told);
  // Being stopped is no loss, and nobody looks for the board any more.
  expect(witness.links).toEqual(['connected']);
  expect(driver.link).toBe('lost');
});
