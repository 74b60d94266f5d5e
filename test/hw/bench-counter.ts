/** A driver and the virtual board it talks to, with everything that the driver told. */
import { onTestFinished, vi } from 'vitest';
import { FirmataCounterBoard, type FirmataCounterBoardOptions } from '../../hw/firmata/firmata-counter-board.js';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import type { KeyLevel, LinkState } from '../../hw/ports/counter-board.js';
import { parseBoardProfile, type BoardProfile } from '../../hw/profiles/board-profile.js';
import { UNO_FIVE_KEYS } from '../../hw/profiles/uno-five-keys.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';

/** The real profile with a shorter wait for arming, and a stuck time that a test can wait for. */
export const QUICK_PROFILE: BoardProfile = parseBoardProfile({ ...UNO_FIVE_KEYS, armUpMs: 60, stuckMs: 1_000 });
export const QUICK_TIMINGS = { handshakeRetryMs: 50, handshakeTimeoutMs: 400, probeMs: 40, probeMisses: 3 };

export type Told =
  | { kind: 'press'; level: KeyLevel; atMonoMs: number }
  | { kind: 'chord' }
  | { kind: 'stuck' | 'freed'; level: KeyLevel }
  | { kind: 'link'; state: LinkState; reason: string };

export class Witness {
  readonly told: Told[] = [];
  readonly events = {
    press: (level: KeyLevel, atMonoMs: number) => void this.told.push({ kind: 'press', level, atMonoMs }),
    chord: () => void this.told.push({ kind: 'chord' }),
    stuck: (level: KeyLevel) => void this.told.push({ kind: 'stuck', level }),
    freed: (level: KeyLevel) => void this.told.push({ kind: 'freed', level }),
    link: (state: LinkState, reason: string) => void this.told.push({ kind: 'link', state, reason }),
  };

  get presses(): KeyLevel[] {
    return this.told.flatMap((entry) => (entry.kind === 'press' ? [entry.level] : []));
  }

  get links(): LinkState[] {
    return this.told.flatMap((entry) => (entry.kind === 'link' ? [entry.state] : []));
  }

  total(kind: Told['kind']): number {
    return this.told.filter((entry) => entry.kind === kind).length;
  }
}

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

export async function until(condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  await vi.waitUntil(condition, { timeout: timeoutMs, interval: 5 });
}

/** A press through the whole path after which nothing of an earlier one can still be under way. */
export async function pressAndSee(board: VirtualBoard, witness: Witness, level: KeyLevel): Promise<void> {
  const before = witness.presses.length;
  board.press(level);
  await until(() => witness.presses.length > before);
  board.release(level);
}

/** How long a finger stays: a stimulus of a given length, nothing that the test waits for. */
export const fingerRests = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
