/**
 * A GPIO chip as far as the tools of libgpiod see it: lines with values, held by one program at a time. It listens on
 * a Unix socket, whose path stands for the chip's device file; the stand-ins of the tools in this folder talk to it.
 *
 * Stricter than a kernel: a line that nobody holds is an input again, so a lamp is dark as soon as its gpioset ends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Holder {
  readonly socket: Socket;
  readonly kind: 'get' | 'watch' | 'set';
  readonly lines: readonly number[];
}

export class VirtualChip {
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pjq-gpio-'));
  readonly #sockets = new Set<Socket>();
  readonly #holders = new Set<Holder>();
  /** What the wiring pulls a line to; without that the bias decides, and without a bias it floats low. */
  readonly #pulled = new Map<number, 0 | 1>();
  readonly #driven = new Map<number, 0 | 1>();
  readonly #bias = new Map<number, string>();
  #lastDriven: Record<number, 0 | 1> = {};
  #server: Server | undefined;
  /** Called when a gpiomon asks for its lines, before it has them. */
  beforeWatch: () => void = () => undefined;
  /** A gpiomon that is slow to start gets its lines only when this is done. */
  watchGate: Promise<void> = Promise.resolve();
  /** Lines that another program of the computer holds. */
  readonly taken = new Set<number>();

  constructor() {
    this.path = join(this.#folder, 'gpiochip0');
  }

  async join(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async stop(): Promise<void> {
    await this.cut();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Pulls a line to a value, as a key does, or lets it go (`null`). */
  pull(line: number, value: 0 | 1 | null): void {
    const before = this.#read(line);
    if (value === null) this.#pulled.delete(line);
    else this.#pulled.set(line, value);
    const after = this.#read(line);
    if (after === before) return;
    // CLOCK_MONOTONIC, as the kernel stamps edges since 5.7.
    const edge = `edge ${line} ${after} ${process.hrtime.bigint()}\n`;
    for (const holder of this.#holders) {
      if (holder.kind === 'watch' && holder.lines.includes(line)) holder.socket.write(edge);
    }
  }

  /** What an output line is driven to; an input drives nothing. */
  drives(line: number): boolean {
    return this.#driven.get(line) === 1;
  }

  /** Lets every gpiomon print these bytes. */
  garbage(bytes: Uint8Array): void {
    for (const { kind, socket } of this.#holders) {
      if (kind === 'watch') socket.write(`print ${Buffer.from(bytes).toString('hex')}\n`);
    }
  }

  /** What each output was driven to at last, though nobody may hold it any more. */
  lastDriven(): Readonly<Record<number, 0 | 1>> {
    return this.#lastDriven;
  }

  held(kind: Holder['kind']): number {
    return [...this.#holders].filter((holder) => holder.kind === kind).length;
  }

  biasOf(line: number): string | undefined {
    return this.#bias.get(line);
  }

  #read(line: number): 0 | 1 {
    return this.#pulled.get(line) ?? (this.#bias.get(line) === 'pull-up' ? 1 : 0);
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let text = '';
    let holder: Holder | undefined;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (holder) this.#release(holder);
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n')) return;
      const [kind = '', bias = '', ...words] = text.trim().split(' ');
      text = '';
      const lines = words.map((word) => Number(word.split('=')[0]));
      if (kind === 'info') socket.end(`info ${this.#info()}\n`);
      if (kind !== 'get' && kind !== 'watch' && kind !== 'set') return;
      const ask = { socket, kind, lines } as const;
      const grant = () => {
        if (!socket.destroyed) holder = this.#grant(ask, bias, words);
      };
      if (kind === 'watch') void this.watchGate.then(grant);
      else grant();
    });
  }

  #grant(ask: Holder, bias: string, words: readonly string[]): Holder | undefined {
    const { socket, kind, lines } = ask;
    if (kind === 'watch') this.beforeWatch();
    const busy = [...this.#holders].some((other) => other.lines.some((line) => lines.includes(line)));
    if (busy || lines.some((line) => this.taken.has(line))) {
      socket.end('busy\n');
      return undefined;
    }
    this.#holders.add(ask);
    if (bias !== 'as-is') for (const line of lines) this.#bias.set(line, bias);
    if (kind === 'set') for (const word of words) this.#drive(word);
    socket.write(`values ${lines.map((line) => this.#read(line)).join(' ')}\n`);
    return ask;
  }

  #drive(word: string): void {
    const [line, value] = word.split('=');
    this.#driven.set(Number(line), value === '1' ? 1 : 0);
    this.#lastDriven[Number(line)] = value === '1' ? 1 : 0;
  }

  /** Each of 32 lines with the tool that holds it. */
  #info(): string {
    const tools = { get: 'gpioget', watch: 'gpiomon', set: 'gpioset' };
    const rows = Array.from({ length: 32 }, (_, line) => {
      const holder = [...this.#holders].find(({ lines }) => lines.includes(line));
      return `${line}:${holder ? tools[holder.kind] : '-'}`;
    });
    return rows.join(' ');
  }

  #release(holder: Holder): void {
    this.#holders.delete(holder);
    if (holder.kind === 'set') for (const line of holder.lines) this.#driven.delete(line);
  }
}
