/** A driver and the virtual board it talks to, with everything that the driver told. */
import { onTestFinished } from 'vitest';
import { FirmataCounterBoard, type FirmataCounterBoardOptions } from '../../hw/firmata/firmata-counter-board.js';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import type { KeyLevel } from '../../hw/ports/counter-board.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { QUICK_PROFILE, QUICK_TIMINGS } from './quick-profile.js';
import { until } from './until.js';
import { Witness } from './witness.js';

export { QUICK_PROFILE, QUICK_TIMINGS } from './quick-profile.js';
export { fingerRests, until } from './until.js';

export function driverAt(
  address: string,
  options: Partial<FirmataCounterBoardOptions> = {},
): { driver: FirmataCounterBoard; witness: Witness } {
  const driver = new FirmataCounterBoard({
    profile: QUICK_PROFILE,
    address: parseBoardAddress(address, { serialBaud: 57_600 }),
    monoMs: () => performance.now(),
    nextDelayMs: () => 20,
    timings: QUICK_TIMINGS,
    ...options,
  });
  onTestFinished(() => driver.stop());
  return { driver, witness: new Witness() };
}

export async function startBoard(): Promise<{ board: VirtualBoard; port: number }> {
  const board = new VirtualBoard({ port: 0 });
  onTestFinished(() => board.stop());
  return { board, ...(await board.start()) };
}

/** A board and a driver that serves. */
export async function startCounter(options: Partial<FirmataCounterBoardOptions> = {}) {
  const { board, port } = await startBoard();
  const counter = driverAt(`tcp://127.0.0.1:${port}`, options);
  counter.driver.start(counter.witness.events);
  await serves(counter.driver);
  return { board, port, ...counter };
}

export const serves = (driver: FirmataCounterBoard) => until(() => driver.link === 'connected');

/** A press through the whole path after which nothing of an earlier one can still be under way. */
export async function pressAndSee(board: VirtualBoard, witness: Witness, level: KeyLevel): Promise<void> {
  const before = witness.presses.length;
  board.press(level);
  await until(() => witness.presses.length > before);
  board.release(level);
}
