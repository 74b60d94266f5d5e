/** Mosquitto as a program of one's own: loopback, its own folder, its own port. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connected } from '../drain/connected.js';
import { OwnProcess } from './own-process.js';
import type { SinkKind } from './peer.js';

export class Mosquitto {
  readonly #process: OwnProcess;
  readonly #folder: string;
  readonly #port: number;

  /** @param lines further lines of its configuration. */
  constructor(folder: string, port: number, sink: SinkKind, lines: readonly string[] = []) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'mosquitto.conf');
    writeFileSync(
      file,
      [
        `listener ${port} 127.0.0.1`,
        'allow_anonymous true',
        // Started as root it would give up its rights, and with them this folder.
        'user root',
        'persistence true',
        `persistence_location ${folder}/`,
        // As shipped it drops all but 1,000 of what waits.
        'max_queued_messages 0',
        'set_tcp_nodelay true',
        ...(sink === 'tuned' ? ['max_inflight_messages 1000'] : []),
        ...lines,
        '',
      ].join('\n'),
    );
    this.#folder = folder;
    this.#port = port;
    this.#process = OwnProcess.of('mosquitto', ['-c', file]);
  }

  async start(): Promise<void> {
    this.#process.start();
    (await connected(this.#port)).destroy();
  }

  /** Has it write what it holds, as it does by itself every half hour of a night. */
  async save(leastBytes: number): Promise<void> {
    const file = join(this.#folder, 'mosquitto.db');
    const before = sizeOf(file);
    this.#process.signal('SIGUSR1');
    for (let waited = 0; waited < 400; waited += 1) {
      await wait(25);
      const size = sizeOf(file);
      if (size >= leastBytes && size !== before) return;
    }
    throw new Error('Mosquitto did not write its database');
  }

  kill(): Promise<void> {
    return this.#process.end('SIGKILL');
  }

  /** Ends it in order: it writes what it holds. */
  stop(): Promise<void> {
    return this.#process.end('SIGTERM');
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
