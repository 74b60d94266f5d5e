/**
 * Carries the write-ahead log over into the database beside the commits: a second connection in a thread of its own
 * waits for the disk, so that the commits' thread does not. Without it, or while it cannot keep up, the commits do it
 * themselves after `wal_autocheckpoint` pages; what is left to them then is what came since the last time.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../protocol/runtime/logging.js';
import { DATABASE_FILE } from './store.js';

/** A backlog fills some MB in this time; at rest it finds nothing to do. */
const EVERY_MS = 100;

export class Checkpointer {
  readonly #file: string;
  readonly #logger: Logger;
  #worker: Worker | undefined;

  /** @param folder of an open store. */
  constructor(folder: string, logger: Logger) {
    this.#file = join(folder, DATABASE_FILE);
    this.#logger = logger;
  }

  start(): void {
    const program = new URL('./checkpoint-worker.js', import.meta.url);
    this.#worker = new Worker(program, { workerData: { file: this.#file, everyMs: EVERY_MS } });
    this.#worker.on('error', (error) => this.#logger.warn({ error }, 'checkpoints go with the commits again'));
  }

  /** Before the store is closed: who closes last clears the write-ahead log. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined || worker.threadId < 0) return;
    const ended = once(worker, 'exit');
    worker.postMessage('stop');
    await ended;
  }
}
