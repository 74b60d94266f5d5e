/**
 * StandardFirmata 2.5 on an Arduino Uno as a machine: bytes in, bytes out, pins beside it. No I/O, no clock.
 * It does what the sketch does, in its order (Firmata protocol 2.5:
 * https://github.com/firmata/protocol/blob/master/protocol.md, sketch:
 * https://github.com/firmata/arduino/blob/main/examples/StandardFirmata/StandardFirmata.ino).
 */
import type { BoardMachine, BoardPins } from './board-machine.js';

const MODE = { INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4, I2C: 6, PULLUP: 11 } as const;
const COMMAND = {
  DIGITAL: 0x90,
  REPORT_ANALOG: 0xc0,
  REPORT_DIGITAL: 0xd0,
  ANALOG: 0xe0,
  PIN_MODE: 0xf4,
  PIN_VALUE: 0xf5,
  VERSION: 0xf9,
  RESET: 0xff,
} as const;
const SYSEX = { START: 0xf0, END: 0xf7 } as const;
const SYSEX_KIND = {
  MAPPING_QUERY: 0x69,
  MAPPING: 0x6a,
  CAPABILITY_QUERY: 0x6b,
  CAPABILITY: 0x6c,
  STATE_QUERY: 0x6d,
  STATE: 0x6e,
  EXTENDED_ANALOG: 0x6f,
  FIRMWARE: 0x79,
  SAMPLING_INTERVAL: 0x7a,
} as const;

const PROTOCOL_VERSION = [2, 5] as const;
const FIRMWARE_VERSION = [2, 5] as const;
const FIRMWARE_NAME = 'StandardFirmata.ino';
/** MAX_DATA_BYTES of the sketch: what is longer is cut off. */
const MOST_DATA_BYTES = 64;
const PIN_TOTAL = 20;
const FIRST_ANALOG_PIN = 14;
const PWM_PINS: readonly number[] = [3, 5, 6, 9, 10, 11];
const PORT_TOTAL = 3;

interface Pin {
  mode: number | undefined;
  /** Last written value; for an input 1 means that the pull-up is on. */
  state: number;
}

export class StandardFirmata implements BoardMachine {
  readonly #board: BoardPins;
  #pins: Pin[] = [];
  #reported: boolean[] = [];
  #lastSent: number[] = [];
  #message: number[] = [];
  /** Wanted by the host, ms; digital readings do not wait for it. */
  samplingIntervalMs = 19;

  constructor(board: BoardPins) {
    this.#board = board;
    this.#forget();
  }

  /** Announces version and firmware at once; the sketch blinks for two seconds before. */
  boot(): void {
    this.#forget();
    for (let pin = 2; pin < PIN_TOTAL; pin += 1) this.#board.driven(pin, 0);
    this.#sendVersion();
    this.#sendFirmware();
  }

  /** Bytes from the host, cut anywhere. */
  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#take(byte);
  }

  /** An input has changed: report the ports that are reported and read differently. */
  inputsChanged(): void {
    for (let port = 0; port < PORT_TOTAL; port += 1) if (this.#reported[port] === true) this.#outputPort(port, false);
  }

  halt(): void {
    this.#forget();
  }

  #forget(): void {
    this.#pins = Array.from({ length: PIN_TOTAL }, (_, pin) => ({
      mode: pin < 2 ? undefined : pin < FIRST_ANALOG_PIN ? MODE.OUTPUT : MODE.ANALOG,
      state: 0,
    }));
    this.#reported = [];
    this.#lastSent = [];
    this.#message = [];
    this.samplingIntervalMs = 19;
  }

  #take(byte: number): void {
    const first = this.#message[0];
    if (first === SYSEX.START) {
      if (byte === SYSEX.END) {
        const [, kind = -1, ...data] = this.#message;
        this.#message = [];
        this.#sysex(kind, data);
      } else if (this.#message.length <= MOST_DATA_BYTES) this.#message.push(byte);
      return;
    }
    if (byte >= 0x80) {
      this.#message = [];
      if (byte === COMMAND.RESET) this.#reset();
      else if (byte === COMMAND.VERSION) this.#sendVersion();
      else this.#message = [byte];
      return;
    }
    if (first === undefined) return;
    this.#message.push(byte);
    if (this.#message.length <= dataBytesOf(first)) return;
    const [, one = 0, two = 0] = this.#message;
    this.#message = [];
    this.#command(first, one, two);
  }

  #command(first: number, one: number, two: number): void {
    const kind = first < 0xf0 ? first & 0xf0 : first;
    const channel = first & 0x0f;
    if (kind === COMMAND.PIN_MODE) this.#setMode(one, two);
    if (kind === COMMAND.PIN_VALUE && this.#pins[one]?.mode === MODE.OUTPUT) this.#drive(one, two === 0 ? 0 : 1);
    if (kind === COMMAND.DIGITAL) this.#writePort(channel, one | (two << 7));
    if (kind === COMMAND.ANALOG) this.#writeAnalog(channel, one | (two << 7));
    if (kind === COMMAND.REPORT_DIGITAL && channel < PORT_TOTAL) {
      this.#reported[channel] = one !== 0;
      if (one !== 0) this.#outputPort(channel, true);
    }
  }

  #sysex(kind: number, data: readonly number[]): void {
    if (kind === SYSEX_KIND.FIRMWARE) this.#sendFirmware();
    if (kind === SYSEX_KIND.CAPABILITY_QUERY)
      this.#sendSysex(
        SYSEX_KIND.CAPABILITY,
        this.#pins.flatMap((_, pin) => [...capabilitiesOf(pin), 0x7f]),
      );
    if (kind === SYSEX_KIND.MAPPING_QUERY) {
      this.#sendSysex(
        SYSEX_KIND.MAPPING,
        this.#pins.map((_, pin) => (pin >= FIRST_ANALOG_PIN ? pin - FIRST_ANALOG_PIN : 0x7f)),
      );
    }
    if (kind === SYSEX_KIND.STATE_QUERY) {
      const [pin = 0] = data;
      const known = this.#pins[pin];
      const state = known?.state ?? 0;
      this.#sendSysex(
        SYSEX_KIND.STATE,
        known?.mode === undefined ? [pin] : [pin, known.mode, state & 0x7f, ...(state > 0x7f ? [state >> 7] : [])],
      );
    }
    if (kind === SYSEX_KIND.SAMPLING_INTERVAL && data.length >= 2)
      this.samplingIntervalMs = Math.max(1, (data[0] ?? 0) | ((data[1] ?? 0) << 7));
    if (kind === SYSEX_KIND.EXTENDED_ANALOG && data.length >= 2)
      this.#writeAnalog(data[0] ?? 0, (data[1] ?? 0) | ((data[2] ?? 0) << 7));
  }

  #setMode(pin: number, mode: number): void {
    const known = this.#pins[pin];
    if (known?.mode === undefined || !modesOf(pin).includes(mode)) return;
    known.mode = mode;
    // The sketch: a pull-up is the state 1 of an input, and an output or PWM pin starts dark.
    known.state = mode === MODE.PULLUP ? 1 : 0;
    if (mode === MODE.OUTPUT || mode === MODE.PWM) this.#board.driven(pin, 0);
  }

  #writePort(port: number, mask: number): void {
    for (let bit = 0; bit < 8; bit += 1) {
      const pin = port * 8 + bit;
      const value = ((mask >> bit) & 1) as 0 | 1;
      const known = this.#pins[pin];
      if (known?.mode === MODE.OUTPUT) this.#drive(pin, value);
      // Writing 1 to an input turns its pull-up on, the way of older hosts.
      if (known?.mode === MODE.INPUT) known.state = value;
    }
  }

  #writeAnalog(pin: number, value: number): void {
    const known = this.#pins[pin];
    if (known?.mode !== MODE.PWM) return;
    known.state = value;
    this.#board.driven(pin, value > 0 ? 1 : 0);
  }

  #drive(pin: number, value: 0 | 1): void {
    const known = this.#pins[pin];
    if (known) known.state = value;
    this.#board.driven(pin, value);
  }

  #outputPort(port: number, force: boolean): void {
    let value = 0;
    for (let bit = 0; bit < 8; bit += 1) {
      const pin = port * 8 + bit;
      const known = this.#pins[pin];
      if (known?.mode !== MODE.INPUT && known?.mode !== MODE.PULLUP) continue;
      value |= this.#board.sense(pin, known.state === 1) << bit;
    }
    if (!force && this.#lastSent[port] === value) return;
    this.#lastSent[port] = value;
    this.#board.send([COMMAND.DIGITAL | port, value & 0x7f, value >> 7]);
  }

  /** SYSTEM_RESET of the sketch: as after power on, without the announcement. */
  #reset(): void {
    this.#forget();
    for (let pin = 2; pin < PIN_TOTAL; pin += 1) this.#board.driven(pin, 0);
  }

  #sendVersion(): void {
    this.#board.send([COMMAND.VERSION, ...PROTOCOL_VERSION]);
  }

  #sendFirmware(): void {
    const name = [...FIRMWARE_NAME].flatMap((letter) => [letter.charCodeAt(0) & 0x7f, letter.charCodeAt(0) >> 7]);
    this.#sendSysex(SYSEX_KIND.FIRMWARE, [...FIRMWARE_VERSION, ...name]);
  }

  #sendSysex(kind: number, data: readonly number[]): void {
    this.#board.send([SYSEX.START, kind, ...data, SYSEX.END]);
  }
}

function dataBytesOf(first: number): number {
  const kind = first < 0xf0 ? first & 0xf0 : first;
  return kind === COMMAND.REPORT_DIGITAL || kind === COMMAND.REPORT_ANALOG ? 1 : 2;
}

function modesOf(pin: number): number[] {
  return capabilitiesOf(pin).filter((_, index) => index % 2 === 0);
}

/** Mode and resolution in bits, pair by pair, in the order of the sketch. Pins 0 and 1 are the serial line. */
function capabilitiesOf(pin: number): number[] {
  if (pin < 2) return [];
  const digital = [MODE.INPUT, 1, MODE.PULLUP, 1, MODE.OUTPUT, 1];
  if (pin >= FIRST_ANALOG_PIN) return [...digital, MODE.ANALOG, 10, ...(pin >= 18 ? [MODE.I2C, 1] : [])];
  return [...digital, ...(PWM_PINS.includes(pin) ? [MODE.PWM, 8] : []), MODE.SERVO, 14];
}
