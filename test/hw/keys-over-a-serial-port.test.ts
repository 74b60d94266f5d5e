import { expect, it, onTestFinished } from 'vitest';
import type { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { driverAt, pressAndSee, QUICK_TIMINGS, serves, startBoard, until } from './bench-counter.js';
import { hasSocat, ptyCable } from './cable.js';

async function startPty(board: VirtualBoard, port: number) {
  const cable = await ptyCable({ port, hasClient: () => board.hasClient });
  onTestFinished(() => cable.remove());
  return cable;
}

// Needs the program socat (Debian: apt-get install socat), which makes a serial port out of a TCP connection.
it.skipIf(!hasSocat())('brings presses and lamps, and loses the port when it is pulled out', async () => {
  const { board, port } = await startBoard();
  const { address, cut } = await startPty(board, port);
  // A busy machine may take its time.
  const patient = { ...QUICK_TIMINGS, handshakeTimeoutMs: 10_000 };
  const { driver, witness } = driverAt(address, { timings: patient });
  driver.start(witness.events);
  await serves(driver);
  driver.setLamps('accepted');
  await until(() => board.lamps().accepted);
  for (const level of [5, 1, 3] as const) await pressAndSee(board, witness, level);
  expect(witness.presses).toEqual([5, 1, 3]);
  await cut();
  await until(() => driver.link === 'lost');
  expect(witness.links).toEqual(['connected', 'lost']);
});

it.skipIf(!hasSocat())('darkens the lamps at the end of the driver', async () => {
  const { board, port } = await startBoard();
  const { address } = await startPty(board, port);
  const { driver, witness } = driverAt(address);
  driver.start(witness.events);
  await serves(driver);
  driver.setLamps('fault');
  await until(() => board.lamps().fault);
  await driver.stop();
  await until(() => !board.lamps().fault);
});

it('says why when there is no such port', async () => {
  const { driver, witness } = driverAt('serial:/dev/pjq-nowhere');
  driver.start(witness.events);
  await until(() => witness.told.length > 0);
  expect(witness.told[0]).toMatchObject({
    kind: 'link',
    state: 'lost',
    reason: expect.stringContaining('/dev/pjq-nowhere') as string,
  });
});
