/** A real Mosquitto on the loopback that keeps its memory in a file, and may lose it, or get an old one back. */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePorts, until } from '../../support/hall.js';
import { Program } from '../../support/program.js';

const PROGRAM = '/usr/sbin/mosquitto';
/** It runs under this test's user, whoever that is. */
const MEMORY = 'mosquitto.db';

export class RememberingMosquitto {
  readonly #folder: string;
  #program: Program | undefined;
  #port = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  static available(): boolean {
    return existsSync(PROGRAM);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    if (this.#program === undefined) await this.#prepare();
    await this.#program?.start({ waitForListening: false });
    await until('mosquitto listens', () => {
      if (this.#program?.running !== true) throw new Error(`mosquitto ended: ${this.#program?.stderr.join('\n')}`);
      return this.#answers();
    });
  }

  /** Ends it in order: it writes its memory. */
  async end(): Promise<void> {
    await this.#program?.stop();
  }

  /** What it has saved is of its last look, a second or more ago. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  forget(): void {
    rmSync(join(this.#folder, MEMORY), { force: true });
  }

  /** Keeps a copy of its memory as it is saved now, if it is. */
  remember(copy: string): void {
    if (existsSync(join(this.#folder, MEMORY))) copyFileSync(join(this.#folder, MEMORY), join(this.#folder, copy));
  }

  /** It must not run. */
  recall(copy: string): void {
    if (existsSync(join(this.#folder, copy))) copyFileSync(join(this.#folder, copy), join(this.#folder, MEMORY));
  }

  async #prepare(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    [this.#port] = (await freePorts(1)) as [number];
    const file = join(this.#folder, 'mosquitto.conf');
    const lines = [
      `listener ${this.#port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${this.#folder}/`,
      'autosave_interval 1',
      'set_tcp_nodelay true',
      ...(process.getuid?.() === 0 ? ['user root'] : []),
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    this.#program = new Program('mosquitto', ['-c', file], { program: PROGRAM });
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1', () => end(true));
      const end = (answered: boolean) => {
        socket.destroy();
        resolve(answered);
      };
      socket.on('error', () => end(false));
    });
  }
}
