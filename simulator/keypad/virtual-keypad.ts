/** A counter's button box on a serial line, here TCP: five keys and three lamps that speak one of the box forms. */
import { createServer, type Server, type Socket } from 'node:net';
import { LEVELS, type Level } from '../../protocol/index.js';
import type { BenchKeys, LampListener, LampName } from '../bench/bench-keys.js';
import { boxBytes, type BoxCommand, type BoxForm } from './box-forms.js';
import { CommandEar } from './command-ear.js';

export interface VirtualKeypadOptions {
  readonly form: BoxForm;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
}

const DARK: Readonly<Record<LampName, boolean>> = { invited: false, accepted: false, fault: false };

export class VirtualKeypad implements BenchKeys {
  readonly #options: VirtualKeypadOptions;
  readonly #ear: CommandEar;
  readonly #held = new Map<Level, NodeJS.Timeout | undefined>();
  readonly #listeners = new Set<LampListener>();
  #lamps = DARK;
  #server: Server | undefined;
  #client: Socket | undefined;
  #stalled = false;

  constructor(options: VirtualKeypadOptions) {
    this.#options = options;
    this.#ear = new CommandEar(options.form.commands);
  }

  get restMs(): number {
    return this.#options.form.restMs;
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
    for (const level of LEVELS) this.#letGo(level);
    this.dropClient();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Moves a key down and leaves it there. */
  press(level: Level): void {
    if (this.#held.has(level)) return;
    const { down, repeatMs } = this.#options.form;
    const again = repeatMs === undefined ? undefined : setInterval(() => this.#say(down[level]), repeatMs);
    this.#held.set(level, again);
    this.#tell(level, true);
  }

  release(level: Level): void {
    if (!this.#held.has(level)) return;
    this.#letGo(level);
    this.#tell(level, false);
  }

  lamps(): Readonly<Record<LampName, boolean>> {
    return this.#lamps;
  }

  /** Hears every change of a lamp. @returns how to stop hearing. */
  onLamp(listener: LampListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get hasClient(): boolean {
    return this.#client !== undefined;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  /** How many keys are held, and not which. */
  get heldKeys(): number {
    return this.#held.size;
  }

  /** Cuts the cable: the client's connection is reset. The box keeps its power. */
  dropClient(): void {
    this.#client?.resetAndDestroy();
    this.#client = undefined;
  }

  /** A box that hangs: the connection stays open, nothing is read and nothing said. */
  stall(on: boolean): void {
    this.#stalled = on;
    if (on) this.#client?.pause();
    else this.#client?.resume();
  }

  /** Noise on the wire: these bytes reach the client as they are. */
  garbage(bytes: Uint8Array): void {
    this.#client?.write(bytes);
  }

  /** A dip of its power, with the connection left open. */
  reset(): void {
    this.#ear.forget();
    this.#light(DARK);
    if (this.#options.form.started !== undefined) this.#say(this.#options.form.started);
  }

  /** One client at a time, the last wins. A serial port has no greeting: the box says nothing of itself. */
  #welcome(socket: Socket): void {
    this.dropClient();
    this.#client = socket;
    this.#ear.forget();
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#client === socket) this.#client = undefined;
    });
    socket.on('data', (bytes) => {
      if (this.#client === socket) for (const command of this.#ear.hear(bytes)) this.#obey(command);
    });
    if (this.#stalled) socket.pause();
  }

  #obey(command: BoxCommand): void {
    if (command.does === 'lamps') this.#light({ ...this.#lamps, ...command.lamps });
    else if (this.#options.form.answer !== undefined) this.#say(this.#options.form.answer);
  }

  #light(lamps: Readonly<Record<LampName, boolean>>): void {
    const before = this.#lamps;
    this.#lamps = lamps;
    for (const [lamp, lit] of Object.entries(lamps) as [LampName, boolean][]) {
      if (before[lamp] !== lit) for (const listener of [...this.#listeners]) listener(lamp, lit);
    }
  }

  #letGo(level: Level): void {
    clearInterval(this.#held.get(level));
    this.#held.delete(level);
  }

  #tell(level: Level, down: boolean): void {
    const { form } = this.#options;
    const frame = down ? form.down[level] : form.up?.[level];
    if (frame !== undefined) this.#say(frame);
  }

  #say(frame: string): void {
    if (!this.#stalled) this.#client?.write(boxBytes(frame));
  }
}
