/** Picks the driver of keys and lamps that a configuration asks for: its profile says which kind it is. */
import { FirmataCounterBoard } from './firmata/firmata-counter-board.js';
import { GpioCounterBoard } from './gpio/gpio-counter-board.js';
import { parseBoardAddress } from './link/byte-link.js';
import type { CounterBoard } from './ports/counter-board.js';
import { BUILT_IN_BOARD_PROFILES, loadBoardProfile } from './profiles/built-in.js';
import { BUILT_IN_GPIO_PROFILES, loadGpioProfile, parseGpioAddress } from './profiles/gpio-profile.js';
import { isProfileFile, ProfileError, readProfileDocument } from './profiles/profile-document.js';
import { BUILT_IN_SERIAL_KEYPAD_PROFILES, loadSerialKeypadProfile } from './profiles/serial-keypad-built-in.js';
import { parseKeypadAddress } from './serial-keypad/keypad-address.js';
import { SerialKeypadBoard } from './serial-keypad/serial-keypad-board.js';

export interface BoardConnection {
  /** Where it is: `tcp://…`, `serial:/dev/…` or `gpio:…`, as its kind has it. */
  readonly url: string;
  /** Name of a profile that comes with the program, or the path of a YAML or JSON file. */
  readonly profile: string;
}

export interface BoardOptions {
  /** The caller's monotonic clock, ms. */
  readonly monoMs: () => number;
  /** Wait before the next try, ms; `attempt` counts the failures since the board last served, from 1. */
  readonly nextDelayMs: (attempt: number) => number;
}

export interface OpenedBoard {
  /** Not started. */
  readonly board: CounterBoard;
  /** The profile's. */
  readonly name: string;
}

type Kind = 'firmata' | 'serial-keypad' | 'gpio';

/** Of each kind: what comes with the program. */
const BUILT_IN: Readonly<Record<Kind, readonly unknown[]>> = {
  firmata: BUILT_IN_BOARD_PROFILES,
  'serial-keypad': BUILT_IN_SERIAL_KEYPAD_PROFILES,
  gpio: BUILT_IN_GPIO_PROFILES,
};
const KINDS = Object.keys(BUILT_IN) as readonly Kind[];

/** Of each kind: how its driver is made. */
const OPEN: Readonly<Record<Kind, (connection: BoardConnection, options: BoardOptions) => OpenedBoard>> = {
  firmata: ({ url, profile: named }, options) => {
    const profile = loadBoardProfile(named);
    const address = parseBoardAddress(url, profile.transport);
    return { board: new FirmataCounterBoard({ profile, address, ...options }), name: profile.name };
  },
  'serial-keypad': ({ url, profile: named }, options) => {
    const profile = loadSerialKeypadProfile(named);
    const address = parseKeypadAddress(url, profile);
    return { board: new SerialKeypadBoard({ profile, address, ...options }), name: profile.name };
  },
  gpio: ({ url, profile: named }, options) => {
    const profile = loadGpioProfile(named);
    const address = parseGpioAddress(url, profile);
    return { board: new GpioCounterBoard({ profile, address, ...options }), name: profile.name };
  },
};

/** @throws ProfileError with every fault of profile and address. */
export function openCounterBoard(connection: BoardConnection, options: BoardOptions): OpenedBoard {
  return OPEN[kindOf(connection.profile)](connection, options);
}

function kindOf(nameOrFile: string): Kind {
  if (isProfileFile(nameOrFile)) return kindOfDocument(readProfileDocument(nameOrFile, 'board'));
  const kind = KINDS.find((one) => BUILT_IN[one].some((profile) => nameOf(profile) === nameOrFile));
  if (kind !== undefined) return kind;
  const known = KINDS.flatMap((one) => BUILT_IN[one].map(nameOf)).join(', ');
  throw new ProfileError([
    `profile: must be one of ${known}, or the path of a .yaml or .json file (got ${JSON.stringify(nameOrFile)})`,
  ]);
}

/** A document without a kind is a Firmata board's, as it was before there were others. */
function kindOfDocument(document: unknown): Kind {
  const kind = typeof document === 'object' && document !== null ? (document as { kind?: unknown }).kind : undefined;
  if (kind === undefined) return 'firmata';
  const known = KINDS.find((one) => one === kind);
  if (known !== undefined) return known;
  throw new ProfileError([`kind: must be one of ${KINDS.join(', ')} (got ${JSON.stringify(kind)})`]);
}

function nameOf(profile: unknown): string {
  return (profile as { readonly name: string }).name;
}
