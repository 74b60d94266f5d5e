/**
 * The button boxes that the virtual keypad can be: each with its frames, written out in hex. They are forms and no
 * maker's protocol. The frames stand here anew, sums included, so that a driver which builds them is held to them.
 */
import type { Level } from '../../protocol/index.js';
import type { LampName } from '../bench/bench-keys.js';

/** What a command does to the box: some of its lamps change, or it is asked whether it is there. */
export type BoxCommand =
  | { readonly frame: string; readonly does: 'lamps'; readonly lamps: Partial<Readonly<Record<LampName, boolean>>> }
  | { readonly frame: string; readonly does: 'ask' };

export interface BoxForm {
  readonly name: string;
  readonly down: Readonly<Record<Level, string>>;
  /** `undefined`: the box never tells a release. */
  readonly up: Readonly<Record<Level, string>> | undefined;
  /** While a key is held its down frame is told again this often, ms; `undefined`: once. */
  readonly repeatMs: number | undefined;
  readonly commands: readonly BoxCommand[];
  /** What it says to `ask`. */
  readonly answer: string | undefined;
  /** What it says when it has started. */
  readonly started: string | undefined;
  /** How long the finger rests between two presses, so that the box's reader takes them for two, ms. */
  readonly restMs: number;
}

const lampsOnly = (lit: LampName | undefined) => ({
  does: 'lamps' as const,
  lamps: { invited: lit === 'invited', accepted: lit === 'accepted', fault: lit === 'fault' },
});

const lamp = (name: LampName, lit: boolean) => ({ does: 'lamps' as const, lamps: { [name]: lit } });

/** A digit and CR a key. */
const ASCII: BoxForm = {
  name: 'serial-keypad-ascii',
  down: { 1: '31 0D', 2: '32 0D', 3: '33 0D', 4: '34 0D', 5: '35 0D' },
  up: undefined,
  repeatMs: undefined,
  commands: [
    { frame: '4C 30 0D', ...lampsOnly(undefined) },
    { frame: '4C 31 0D', ...lampsOnly('invited') },
    { frame: '4C 32 0D', ...lampsOnly('accepted') },
    { frame: '4C 33 0D', ...lampsOnly('fault') },
  ],
  answer: undefined,
  started: undefined,
  restMs: 200,
};

/** AA 55 len cmd data xor. */
const FRAMED: BoxForm = {
  name: 'serial-keypad-framed',
  down: {
    1: 'AA 55 02 01 01 02',
    2: 'AA 55 02 01 02 01',
    3: 'AA 55 02 01 03 00',
    4: 'AA 55 02 01 04 07',
    5: 'AA 55 02 01 05 06',
  },
  up: undefined,
  repeatMs: 100,
  commands: [
    { frame: 'AA 55 02 02 00 00', ...lampsOnly(undefined) },
    { frame: 'AA 55 02 02 01 01', ...lampsOnly('invited') },
    { frame: 'AA 55 02 02 02 02', ...lampsOnly('accepted') },
    { frame: 'AA 55 02 02 04 04', ...lampsOnly('fault') },
  ],
  answer: undefined,
  started: undefined,
  restMs: 300,
};

/** 02 len payload crc crc 03: presses, releases, one lamp a command, and an answer when it is asked. */
const EVENTS: BoxForm = {
  name: 'serial-keypad-events',
  down: {
    1: '02 03 4B 01 01 B0 26 03',
    2: '02 03 4B 02 01 B0 D6 03',
    3: '02 03 4B 03 01 B1 46 03',
    4: '02 03 4B 04 01 B3 76 03',
    5: '02 03 4B 05 01 B2 E6 03',
  },
  up: {
    1: '02 03 4B 01 00 71 E6 03',
    2: '02 03 4B 02 00 71 16 03',
    3: '02 03 4B 03 00 70 86 03',
    4: '02 03 4B 04 00 72 B6 03',
    5: '02 03 4B 05 00 73 26 03',
  },
  repeatMs: 100,
  commands: [
    { frame: '02 03 4C 01 00 C0 27 03', ...lamp('invited', false) },
    { frame: '02 03 4C 01 01 01 E7 03', ...lamp('invited', true) },
    { frame: '02 03 4C 02 00 C0 D7 03', ...lamp('accepted', false) },
    { frame: '02 03 4C 02 01 01 17 03', ...lamp('accepted', true) },
    { frame: '02 03 4C 03 00 C1 47 03', ...lamp('fault', false) },
    { frame: '02 03 4C 03 01 00 87 03', ...lamp('fault', true) },
    { frame: '02 01 3F 40 30 03', does: 'ask' },
  ],
  answer: '02 01 21 C0 38 03',
  started: '02 01 42 80 11 03',
  restMs: 30,
};

export const BOX_FORMS: readonly BoxForm[] = [ASCII, FRAMED, EVENTS];

export function boxBytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));
}
