/** The hand on the program that takes from the hall and writes the far table. */
import { join } from 'node:path';
import { FAR_TABLE, FarTable } from './far-table.js';
import { OwnProcess } from './own-process.js';
import type { PeerPlace } from './peer.js';

export class Sink {
  readonly #process: OwnProcess;

  constructor(program: string, { folder, sink, preload }: PeerPlace, port: number) {
    const file = join(folder, FAR_TABLE);
    // Before anything has come: whoever looks finds an empty table.
    new FarTable(file).close();
    this.#process = OwnProcess.ours(
      join(import.meta.dirname, program),
      { file, port, sink },
      preload === undefined ? {} : { LD_PRELOAD: preload },
    );
  }

  /** Starts it; it takes hold as soon as there is a hall. */
  async start(): Promise<void> {
    this.#process.start();
    await this.#process.said('waiting');
  }

  async ready(): Promise<void> {
    await this.#process.said('ready');
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}
