/** A real Mosquitto on loopback that keeps nothing on disk. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, until } from '../support/hall.js';

export class Mosquitto {
  readonly #folder = mkdtempSync(join(tmpdir(), 'pjq-mosquitto-'));
  #child: ChildProcess | undefined;
  #port = 0;

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  /** Finds a port and keeps it; nobody listens there until `start`. */
  async prepare(): Promise<this> {
    [this.#port] = (await freePorts(1)) as [number];
    writeFileSync(
      join(this.#folder, 'mosquitto.conf'),
      [
        `listener ${this.#port} 127.0.0.1`,
        'allow_anonymous true',
        'persistence false',
        'set_tcp_nodelay true',
        '',
      ].join('\n'),
    );
    return this;
  }

  async start(): Promise<void> {
    const child = spawn('/usr/sbin/mosquitto', ['-c', join(this.#folder, 'mosquitto.conf')], { stdio: 'ignore' });
    this.#child = child;
    await until('mosquitto listens', () => {
      if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
      return this.#answers();
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
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
