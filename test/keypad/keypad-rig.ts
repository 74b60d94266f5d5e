/** The driver of serial keypads, a virtual keypad and the cable between them, as the contract suite wants it. */
import { onTestFinished } from 'vitest';
import type { KeyLevel } from '../../hw/ports/counter-board.js';
import { parseSerialKeypadProfile, type SerialKeypadProfile } from '../../hw/profiles/serial-keypad-profile.js';
import { loadSerialKeypadProfile } from '../../hw/profiles/serial-keypad-built-in.js';
import { parseKeypadAddress } from '../../hw/serial-keypad/keypad-address.js';
import { SerialKeypadBoard, type SerialKeypadBoardOptions } from '../../hw/serial-keypad/serial-keypad-board.js';
import { BOX_FORMS, type BoxForm } from '../../simulator/keypad/box-forms.js';
import { VirtualKeypad } from '../../simulator/keypad/virtual-keypad.js';
import type { Cable } from '../hw/cable.js';
import type { BoardRig } from '../hw/counter-board-contract.js';
import { fingerRests, until, Witness } from '../hw/witness.js';

export type KeypadName = 'serial-keypad-ascii' | 'serial-keypad-framed' | 'serial-keypad-events';
export const KEYPAD_NAMES: readonly KeypadName[] = [
  'serial-keypad-ascii',
  'serial-keypad-framed',
  'serial-keypad-events',
];

const QUICK_HOLD_MS = 100;
const QUICK_REPEAT_MS = 20;
/** After this a key of a box that tells no release counts as up. */
const LAPSE_MS = QUICK_HOLD_MS + 30;

/** The shipped profile with shorter waits, and a stuck time that a test can wait for. */
export function quickProfile(name: KeypadName, change: Partial<SerialKeypadProfile> = {}): SerialKeypadProfile {
  const profile = loadSerialKeypadProfile(name);
  return parseSerialKeypadProfile({
    ...profile,
    holdMs: QUICK_HOLD_MS,
    armUpMs: 120,
    stuckMs: 1_000,
    ...change,
  });
}

/** The shipped box, telling held keys again soon enough for the quick profile. */
export function quickForm(name: KeypadName): BoxForm {
  const form = BOX_FORMS.find((candidate) => candidate.name === name);
  if (!form) throw new Error(`there is no box ${name}`);
  return { ...form, repeatMs: form.repeatMs === undefined ? undefined : QUICK_REPEAT_MS };
}

type Lay = (device: { port: number; hasClient: () => boolean }) => Promise<Cable & { remove?: () => Promise<void> }>;

export async function keypadRig(name: KeypadName, lay: Lay): Promise<BoardRig> {
  const form = quickForm(name);
  const keypad = new VirtualKeypad({ form });
  const { port } = await keypad.start();
  const cable = await lay({ port, hasClient: () => keypad.hasClient });
  const profile = quickProfile(name);
  const tellsReleases = form.up !== undefined;
  let last: { level: KeyLevel; upMs: number } | undefined;
  return {
    board: new SerialKeypadBoard({
      profile,
      address: parseKeypadAddress(cable.address, profile),
      monoMs: () => performance.now(),
      nextDelayMs: () => 20,
    }),
    moveKey: async (level, down) => {
      if (!down) {
        keypad.release(level);
        last = { level, upMs: performance.now() };
        return;
      }
      // The finger goes over to another key only when the one before counts as up.
      const overMs = last === undefined ? 0 : last.upMs + LAPSE_MS - performance.now();
      if (!tellsReleases && last?.level !== level && overMs > 0) await fingerRests(overMs);
      keypad.press(level);
    },
    lamps: () => keypad.lamps(),
    cut: () => cable.cut(),
    join: () => cable.join(),
    garbage: (bytes) => keypad.garbage(bytes),
    stop: async () => {
      await (cable.remove ?? cable.cut)();
      await keypad.stop();
    },
  };
}

/** A keypad and a driver that is not started yet; both end with the test. */
export async function startKeypad(name: KeypadName, options: Partial<SerialKeypadBoardOptions> = {}) {
  const keypad = new VirtualKeypad({ form: quickForm(name) });
  onTestFinished(() => keypad.stop());
  const { port } = await keypad.start();
  const profile = options.profile ?? quickProfile(name);
  const driver = new SerialKeypadBoard({
    profile,
    address: parseKeypadAddress(`tcp://127.0.0.1:${port}`, profile),
    monoMs: () => performance.now(),
    nextDelayMs: () => 20,
    ...options,
  });
  onTestFinished(() => driver.stop());
  return { keypad, port, driver, witness: new Witness() };
}

/** A keypad and a driver that serves. */
export async function startCounter(name: KeypadName, options: Partial<SerialKeypadBoardOptions> = {}) {
  const counter = await startKeypad(name, options);
  counter.driver.start(counter.witness.events);
  await serves(counter.driver);
  return counter;
}

export const serves = (driver: SerialKeypadBoard) => until(() => driver.link === 'connected');
