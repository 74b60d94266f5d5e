/**
 * An Arduino Uno (ATmega328P at 16 MHz) that runs a program instruction by instruction, by avr8js. It has what
 * StandardFirmata uses on digital pins: ports B, C and D, timer 0, the serial line and the analog converter. No clock:
 * it goes as many cycles as it is told to.
 */
import {
  AVRADC,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  CPU,
  PinState,
  adcConfig,
  avrInstruction,
  portBConfig,
  portCConfig,
  portDConfig,
  timer0Config,
  usart0Config,
} from 'avr8js';
import type { BoardPins } from './board-machine.js';

export const CYCLES_PER_MS = 16_000;
const SRAM_BYTES = 2_048;

/** The Uno's pins by the port that they hang on; 0 and 1 are the serial line. */
const PORTS = [
  { config: portDConfig, firstPin: 0, bits: [2, 3, 4, 5, 6, 7] },
  { config: portBConfig, firstPin: 8, bits: [0, 1, 2, 3, 4, 5] },
  { config: portCConfig, firstPin: 14, bits: [0, 1, 2, 3, 4, 5] },
] as const;

export class AvrUno {
  readonly #pins: BoardPins;
  readonly #cpu: CPU;
  readonly #usart: AVRUSART;
  readonly #ports: readonly { readonly io: AVRIOPort; readonly firstPin: number; readonly bits: readonly number[] }[];
  readonly #driven = new Map<number, 0 | 1>();
  /** On their way on the serial line, which takes them one after the other. */
  #incoming: number[] = [];
  #outgoing: number[] = [];
  #events = 0;

  constructor(flash: Uint8Array, pins: BoardPins) {
    this.#pins = pins;
    this.#cpu = new CPU(new Uint16Array(Uint8Array.from(flash).buffer), SRAM_BYTES);
    this.#ports = PORTS.map(({ config, firstPin, bits }) => ({ io: new AVRIOPort(this.#cpu, config), firstPin, bits }));
    new AVRTimer(this.#cpu, timer0Config);
    // Without it a conversion would never end, and with it the program.
    new AVRADC(this.#cpu, adcConfig);
    this.#usart = new AVRUSART(this.#cpu, usart0Config, CYCLES_PER_MS * 1_000);
    this.#usart.onByteTransmit = (byte) => void this.#outgoing.push(byte);
    this.#usart.onRxComplete = () => this.#feed();
    for (const { io, firstPin, bits } of this.#ports) {
      io.addListener(() => bits.forEach((bit) => this.#look(io, firstPin + bit, bit)));
      bits.forEach((bit) => this.#look(io, firstPin + bit, bit));
    }
  }

  /** How often something came in or went out so far: bytes either way, pins that changed. */
  get events(): number {
    return this.#events;
  }

  receive(bytes: Uint8Array): void {
    this.#incoming.push(...bytes);
  }

  inputsChanged(): void {
    for (const { io, firstPin, bits } of this.#ports) bits.forEach((bit) => this.#look(io, firstPin + bit, bit));
  }

  /**
   * Lets the clock of the chip run ahead of its program, as if its program had done nothing for so many cycles. What
   * waits for timer 0 is done waiting sooner. Less than the timer's round (16,384 cycles), or rounds are lost.
   */
  leap(cycles: number): void {
    this.#cpu.cycles += cycles;
  }

  /** Goes on for at least so many cycles, then sends what it has said. */
  run(cycles: number): void {
    const cpu = this.#cpu;
    const end = cpu.cycles + cycles;
    this.#feed();
    while (cpu.cycles < end) {
      avrInstruction(cpu);
      cpu.tick();
    }
    if (this.#outgoing.length === 0) return;
    const said = this.#outgoing;
    this.#outgoing = [];
    this.#events += said.length;
    this.#pins.send(said);
  }

  /** The line gives the next byte when it is free: the receiver would lose one that came meanwhile. */
  #feed(): void {
    const [next] = this.#incoming;
    if (next === undefined || this.#usart.rxBusy) return;
    if (this.#usart.rxEnable && this.#usart.writeByte(next) !== true) return;
    // What comes while the receiver is off is lost, as on a real line.
    this.#incoming.shift();
    this.#events += 1;
  }

  #look(io: AVRIOPort, pin: number, bit: number): void {
    const state = io.pinState(bit);
    const output = state === PinState.High || state === PinState.Low;
    if (!output) io.setPin(bit, this.#pins.sense(pin, state === PinState.InputPullUp) === 1);
    const value = state === PinState.High ? 1 : 0;
    if (this.#driven.get(pin) === value) return;
    this.#driven.set(pin, value);
    this.#events += 1;
    this.#pins.driven(pin, value);
  }
}
