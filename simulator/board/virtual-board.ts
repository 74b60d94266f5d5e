/** A counter's keys and lamps on a virtual Uno that speaks Firmata over TCP, whatever computes inside. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Level } from '../../protocol/index.js';
import type { BenchKeys, LampListener, LampName } from '../bench/bench-keys.js';
import type { BoardMachine, BoardPins } from './board-machine.js';
import { StandardFirmata } from './standard-firmata.js';
import { UNO_WIRING, type BoardWiring } from './uno-wiring.js';

export interface VirtualBoardOptions {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly wiring?: BoardWiring;
  /** What computes on it; StandardFirmata by hand where none is named. */
  readonly machine?: (pins: BoardPins) => BoardMachine;
}

const KEPT_WRITES = 200;
/** Closer together, two presses could make a chord. */
const FINGER_MS = 30;

export class VirtualBoard implements BenchKeys {
  readonly restMs = FINGER_MS;
  readonly #options: VirtualBoardOptions;
  readonly #wiring: BoardWiring;
  readonly #machine: BoardMachine;
  readonly #keyPins: ReadonlySet<number>;
  readonly #pressed = new Set<number>();
  readonly #outputs = new Map<number, 0 | 1>();
  readonly #listeners = new Set<LampListener>();
  readonly #writes: { pin: number; value: 0 | 1 }[] = [];
  #server: Server | undefined;
  #client: Socket | undefined;
  #stalled = false;

  constructor(options: VirtualBoardOptions = {}) {
    this.#options = options;
    this.#wiring = options.wiring ?? UNO_WIRING;
    this.#keyPins = new Set(this.#wiring.keys.values());
    const pins: BoardPins = {
      send: (bytes) => this.#send(bytes),
      sense: (pin, pulledUp) => this.#sense(pin, pulledUp),
      driven: (pin, value) => this.#driven(pin, value),
    };
    this.#machine = options.machine?.(pins) ?? new StandardFirmata(pins);
  }

  /** Listens. @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    const server = createServer((socket) => this.#welcome(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port ?? 0, this.#options.host ?? '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        resolve({ port: typeof address === 'object' && address !== null ? address.port : 0 });
      });
    });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.dropClient();
    this.#machine.halt();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Moves a key down and leaves it there. */
  press(level: Level): void {
    this.#pressed.add(this.#keyPin(level));
    this.#machine.inputsChanged();
  }

  release(level: Level): void {
    this.#pressed.delete(this.#keyPin(level));
    this.#machine.inputsChanged();
  }

  /** How many keys are down now. */
  get heldKeys(): number {
    return this.#pressed.size;
  }

  lamps(): Readonly<Record<LampName, boolean>> {
    const lit = (lamp: LampName) => this.#outputs.get(this.#wiring.lamps[lamp]) === 1;
    return { invited: lit('invited'), accepted: lit('accepted'), fault: lit('fault') };
  }

  /** Hears every change of a lamp. @returns how to stop hearing. */
  onLamp(listener: LampListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The last changes of output pins, oldest first. */
  get lastDigitalWrites(): readonly { readonly pin: number; readonly value: 0 | 1 }[] {
    return this.#writes;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  get hasClient(): boolean {
    return this.#client !== undefined;
  }

  /** Cuts the cable: the client's connection is reset. The board keeps its power. */
  dropClient(): void {
    this.#client?.resetAndDestroy();
    this.#client = undefined;
  }

  /** A board that hangs: the connection stays open, nothing is read and nothing said. */
  stall(on: boolean): void {
    this.#stalled = on;
    if (on) this.#client?.pause();
    else this.#client?.resume();
  }

  /** Noise on the wire: these bytes reach the client as they are. */
  garbage(bytes: Uint8Array): void {
    this.#client?.write(bytes);
  }

  /** The reset button, or a dip of its power, with the connection left open. */
  reset(): void {
    this.#machine.boot();
  }

  /** One client at a time, the last wins; connecting resets the board, as opening the serial port of an Uno does. */
  #welcome(socket: Socket): void {
    this.dropClient();
    this.#client = socket;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#client === socket) this.#client = undefined;
    });
    socket.on('data', (bytes) => this.#client === socket && this.#machine.receive(bytes));
    if (this.#stalled) socket.pause();
    this.#machine.boot();
  }

  #send(bytes: readonly number[]): void {
    if (!this.#stalled) this.#client?.write(Uint8Array.from(bytes));
  }

  /** A pressed key is ground; an open pin reads high by a pull-up, and without one picks up hum: low here. */
  #sense(pin: number, pulledUp: boolean): 0 | 1 {
    const outer = this.#wiring.outerPullUps && this.#keyPins.has(pin);
    return (pulledUp || outer) && !this.#pressed.has(pin) ? 1 : 0;
  }

  #driven(pin: number, value: 0 | 1): void {
    if ((this.#outputs.get(pin) ?? 0) === value) return;
    this.#outputs.set(pin, value);
    this.#writes.push({ pin, value });
    if (this.#writes.length > KEPT_WRITES) this.#writes.shift();
    for (const [lamp, lampPin] of Object.entries(this.#wiring.lamps)) {
      if (lampPin === pin) for (const listener of [...this.#listeners]) listener(lamp as LampName, value === 1);
    }
  }

  #keyPin(level: Level): number {
    const pin = this.#wiring.keys.get(level);
    if (pin === undefined) throw new RangeError(`no key of that level is wired`);
    return pin;
  }
}
