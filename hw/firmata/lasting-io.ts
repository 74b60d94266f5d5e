/**
 * The IO plug-in that johnny-five sees: it outlives the connections to the board.
 *
 * johnny-five never reconnects and keeps every Board and Button in module-global tables for ever, so one Board
 * is made for the life of the driver and what it wants (modes, outputs, reports) is put on each new session.
 * Interface: https://github.com/rwaldron/io-plugins
 *
 * A pin that reads active is believed only when a second report agrees: a single wrong message on a wire without
 * check-sums must not press a key. The second report is asked for at once and costs one round trip.
 */
import { EventEmitter } from 'node:events';

/** Pin modes of the Firmata protocol. */
export const PIN_MODES = { INPUT: 0x00, OUTPUT: 0x01, ANALOG: 0x02, PWM: 0x03, SERVO: 0x04, PULLUP: 0x0b } as const;

/** What is needed of a connection. */
export interface IoSession {
  pinMode(pin: number, mode: number): void;
  digitalWrite(pin: number, value: 0 | 1): void;
  report(pin: number): void;
}

export interface InputPin {
  readonly pin: number;
  readonly activeValue: 0 | 1;
  readonly pullUp: boolean;
}

interface Reading {
  readonly input: InputPin;
  /** Undefined until the board was heard, and while an active reading is not confirmed. */
  value: 0 | 1 | undefined;
  /** An active reading that is not believed yet: just heard, or asked for again. */
  doubt: 'none' | 'heard' | 'asked';
  reader: ((value: 0 | 1) => void) | undefined;
}

export class LastingIo extends EventEmitter {
  // What johnny-five asks of an IO plug-in.
  readonly name = 'pjq-lasting-io';
  readonly isReady = true;
  readonly MODES = PIN_MODES;
  readonly HIGH = 1;
  readonly LOW = 0;
  readonly pins: readonly never[] = [];
  readonly analogPins: readonly never[] = [];

  readonly #readings: ReadonlyMap<number, Reading>;
  readonly #modes = new Map<number, number>();
  readonly #outputs = new Map<number, 0 | 1>();
  #session: IoSession | undefined;

  constructor(inputs: readonly InputPin[]) {
    super();
    this.#readings = new Map(
      inputs.map((input) => [input.pin, { input, value: undefined, doubt: 'none', reader: undefined }]),
    );
  }

  pinMode(pin: number, mode: number): void {
    const pullUp = this.#readings.get(pin)?.input.pullUp === true && mode === PIN_MODES.INPUT;
    this.#modes.set(pin, pullUp ? PIN_MODES.PULLUP : mode);
    this.#session?.pinMode(pin, this.#modes.get(pin) ?? mode);
  }

  digitalWrite(pin: number, value: 0 | 1): void {
    this.#outputs.set(pin, value);
    this.#session?.digitalWrite(pin, value);
  }

  digitalRead(pin: number, reader: (value: 0 | 1) => void): void {
    const reading = this.#readings.get(pin);
    if (reading) reading.reader = reader;
    this.#session?.report(pin);
  }

  /** The modes that a session must be able to set. */
  get modes(): ReadonlyMap<number, number> {
    return this.#modes;
  }

  /** Puts everything that is wanted on a board that knows nothing yet. */
  attach(session: IoSession): void {
    this.#session = session;
    for (const [pin, mode] of this.#modes) session.pinMode(pin, mode);
    for (const [pin, value] of this.#outputs) session.digitalWrite(pin, value);
    this.readAnew();
  }

  /** No board any more: all keys are let go, so that nothing keeps counting how long they are held. */
  detach(): void {
    this.#session = undefined;
    for (const reading of this.#readings.values()) {
      reading.value = undefined;
      reading.doubt = 'none';
      reading.reader?.(reading.input.activeValue === 1 ? 0 : 1);
    }
  }

  /** Forgets what was read and asks for it again. */
  readAnew(): void {
    for (const reading of this.#readings.values()) {
      reading.value = undefined;
      reading.doubt = 'none';
    }
    const ports = new Map([...this.#readings.keys()].map((pin) => [pin >> 3, pin]));
    for (const pin of ports.values()) this.#session?.report(pin);
  }

  /** The board reported a pin. */
  heard(pin: number, value: 0 | 1): void {
    const reading = this.#readings.get(pin);
    if (!reading || this.#session === undefined) return;
    if (value === reading.input.activeValue && reading.value !== value && reading.doubt !== 'asked') {
      reading.doubt = 'heard';
      // After all that came in the same burst, so that no burst can confirm itself.
      return queueMicrotask(() => this.#askAgain(reading));
    }
    reading.doubt = 'none';
    if (reading.value === value) return;
    reading.value = value;
    reading.reader?.(value);
  }

  #askAgain(reading: Reading): void {
    if (reading.doubt !== 'heard') return;
    reading.doubt = 'asked';
    this.#session?.report(reading.input.pin);
  }

  /** The pins that read active, or undefined while not every input has been heard. */
  activePins(): readonly number[] | undefined {
    const readings = [...this.#readings.values()];
    if (readings.some((reading) => reading.value === undefined)) return undefined;
    return readings
      .filter((reading) => reading.value === reading.input.activeValue)
      .map((reading) => reading.input.pin);
  }
}
