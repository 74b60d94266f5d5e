/**
 * The grammar of ESC/POS: where a command ends. Pure, and without a state of its own: it is given the bytes that are
 * held and says what stands first in them, so that a stream reads the same however it was split.
 * Source: Epson's ESC/POS command reference; clones follow it.
 */

export interface Command {
  /** `LF`, `ESC @`, `GS ( k` …, or `text`, or `unknown`. */
  readonly name: string;
  /** The parameters, without the bytes of the name; of `text` the one byte, of `unknown` all its bytes. */
  readonly bytes: Uint8Array;
}

export interface ReadCommand {
  readonly command: Command;
  /** Bytes it takes; may be more than are held only for `oversize`. */
  readonly length: number;
}

/** Longer ones are no receipts: such a length is a wrong length field. They are swallowed as a printer swallows them. */
export const MOST_COMMAND_BYTES = 1024 * 1024;

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const DLE = 0x10;
const NAMED_CONTROLS: Readonly<Record<number, string>> = {
  0x00: 'NUL',
  0x09: 'HT',
  0x0a: 'LF',
  0x0c: 'FF',
  0x0d: 'CR',
  0x18: 'CAN',
};

type Bytes = Uint8Array;
/** Length of the parameters that begin at `at`; `undefined` while more bytes are needed to tell. */
type Measure = number | ((bytes: Bytes, at: number) => number | undefined);

const word = (bytes: Bytes, at: number) => {
  const low = bytes[at];
  const high = bytes[at + 1];
  return low === undefined || high === undefined ? undefined : low + high * 256;
};
const plus = (head: number, length: number | undefined) => (length === undefined ? undefined : head + length);
const times = (...factors: (number | undefined)[]) =>
  factors.reduce(
    (product, factor) => (product === undefined || factor === undefined ? undefined : product * factor),
    1,
  );
/** fn pL pH, then as many. */
const block: Measure = (bytes, at) => plus(3, word(bytes, at + 1));
/** fn p1 p2 p3 p4, then as many. */
const longBlock: Measure = (bytes, at) => {
  const low = word(bytes, at + 1);
  const high = word(bytes, at + 3);
  return low === undefined || high === undefined ? undefined : 5 + low + high * 65_536;
};
const untilNul: Measure = (bytes, at) => {
  const nul = bytes.indexOf(0, at);
  return nul < 0 ? undefined : nul + 1 - at;
};
const bitImage: Measure = (bytes, at) => {
  const m = bytes[at];
  return m === undefined ? undefined : plus(3, times(word(bytes, at + 1), m >= 32 ? 3 : 1));
};
const rasterImage: Measure = (bytes, at) => plus(6, times(word(bytes, at + 2), word(bytes, at + 4)));
const barcode: Measure = (bytes, at) => {
  const m = bytes[at];
  if (m === undefined) return undefined;
  return m <= 6 ? plus(1, measure(untilNul, bytes, at + 1)) : plus(2, bytes[at + 1]);
};
const cut: Measure = (bytes, at) => {
  const m = bytes[at];
  return m === undefined ? undefined : [65, 66, 97, 98, 103, 104].includes(m) ? 2 : 1;
};
/** y c1 c2, then for each character its width and its columns. */
const userCharacters: Measure = (bytes, at) => {
  const [height, first, last] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (height === undefined || first === undefined || last === undefined) return undefined;
  let length = 3;
  for (let code = first; code <= last; code++) {
    const width = bytes[at + length];
    if (width === undefined) return undefined;
    length += 1 + width * height;
  }
  return length;
};
/** n images of xL xH yL yH and their columns. */
const storedImages: Measure = (bytes, at) => {
  const images = bytes[at];
  if (images === undefined) return undefined;
  let length = 1;
  for (let image = 0; image < images; image++) {
    const size = times(word(bytes, at + length), word(bytes, at + length + 2), 8);
    if (size === undefined) return undefined;
    length += 4 + size;
  }
  return length;
};
const downloadedImage: Measure = (bytes, at) => plus(2, times(bytes[at], bytes[at + 1], 8));
const byFunction =
  (lengths: Readonly<Record<number, number>>): Measure =>
  (bytes, at) => {
    const fn = bytes[at];
    return fn === undefined ? undefined : (lengths[fn] ?? 1);
  };

const each = (names: string, length: Measure) => [...names].map((name) => [name, length] as const);

const FAMILIES: Readonly<Record<number, { readonly name: string; readonly commands: ReadonlyMap<string, Measure> }>> = {
  [ESC]: {
    name: 'ESC',
    commands: new Map<string, Measure>([
      ...each('@25<LSimv\x0c', 0),
      ...each(' !%-34=?EGJKMRTUVadertu{', 1),
      ...each('$\\cBC', 2),
      ['p', 3],
      ['W', 8],
      ['&', userCharacters],
      ['*', bitImage],
      ['D', untilNul],
      ['(', block],
    ]),
  },
  [GS]: {
    name: 'GS',
    commands: new Map<string, Measure>([
      ...each(':c', 0),
      ...each('!/BEHITabfhjrw', 1),
      ...each('$LPW\\', 2),
      ['^', 3],
      ['*', downloadedImage],
      ['(', block],
      ['8', longBlock],
      ['V', cut],
      ['k', barcode],
      ['C', byFunction({ 0x30: 3, 0x31: 7, 0x32: 3, 0x3b: 7 })],
      ['g', byFunction({ 0x30: 4, 0x32: 4 })],
      ['z', byFunction({ 0x30: 3 })],
      ['v', rasterImage],
    ]),
  },
  [FS]: {
    name: 'FS',
    commands: new Map<string, Measure>([
      ...each('&.', 0),
      ...each('!-CW', 1),
      ...each('?Sp', 2),
      ['2', 74],
      ['q', storedImages],
      ['(', block],
    ]),
  },
  [DLE]: {
    name: 'DLE',
    commands: new Map<string, Measure>([
      // EOT 7 and 8 have one parameter more.
      ['\x04', (bytes, at) => (bytes[at] === undefined ? undefined : bytes[at] === 7 || bytes[at] === 8 ? 2 : 1)],
      ['\x05', 1],
      ['\x14', byFunction({ 1: 3, 2: 3, 3: 5, 7: 2, 8: 8 })],
    ]),
  },
};

const CONTROL_NAMES: Readonly<Record<string, string>> = { '\x04': 'EOT', '\x05': 'ENQ', '\x14': 'DC4', '\x0c': 'FF' };

function measure(rule: Measure, bytes: Bytes, at: number): number | undefined {
  return typeof rule === 'number' ? rule : rule(bytes, at);
}

/** @returns what stands first, or `undefined` while it is not whole. */
export function readCommand(bytes: Bytes): ReadCommand | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  const family = FAMILIES[first];
  if (!family) {
    if (first >= 0x20) return { command: { name: 'text', bytes: bytes.slice(0, 1) }, length: 1 };
    const name = NAMED_CONTROLS[first];
    return { command: { name: name ?? 'unknown', bytes: name ? new Uint8Array() : bytes.slice(0, 1) }, length: 1 };
  }
  const second = bytes[1];
  if (second === undefined) return undefined;
  const letter = String.fromCharCode(second);
  const rule = family.commands.get(letter);
  // Nobody can know its length: its two bytes are taken, and what follows prints as it would on paper.
  if (rule === undefined) return { command: { name: 'unknown', bytes: bytes.slice(0, 2) }, length: 2 };
  const parameters = measure(rule, bytes, 2);
  if (parameters === undefined) return undefined;
  const length = 2 + parameters;
  const name = `${family.name} ${CONTROL_NAMES[letter] ?? letter}`;
  if (length > MOST_COMMAND_BYTES) return { command: { name: 'oversize', bytes: bytes.slice(0, 8) }, length };
  if (bytes.length < length) return undefined;
  return { command: { name, bytes: bytes.slice(2, length) }, length };
}
