/** A bare TCP connection to whatever is under test: says bytes, keeps what came back, knows when it was cut off. */
import { connect, type Socket } from 'node:net';
import { until } from '../support/hall.js';

export class Wire {
  readonly socket: Socket;
  closed = false;
  heard: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** @param options.reads whether it reads what it is sent at all. */
  static open(port: number, options: { reads?: boolean } = {}): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        const wire = new Wire(socket);
        if (options.reads !== false)
          socket.on('data', (chunk: Buffer) => {
            wire.heard = Buffer.concat([wire.heard, chunk]).subarray(-65_536);
          });
        resolve(wire);
      });
    });
  }

  /** @returns whether it could be written at once; what could not waits in this process. */
  say(bytes: Uint8Array | string): boolean {
    return !this.closed && this.socket.writable && this.socket.write(bytes);
  }

  /** Resolves when everything that was said has left this process, or the connection was closed. */
  async said(): Promise<void> {
    await until('everything was said', () => this.closed || this.socket.writableLength === 0);
  }

  async cutOff(timeoutMs = 10_000): Promise<void> {
    // Who reads nothing does not notice the end either.
    this.socket.resume();
    await until('the connection is cut off', () => this.closed, timeoutMs);
  }

  end(): void {
    this.socket.destroy();
  }
}
