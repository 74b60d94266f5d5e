/**
 * The door between the broker and the log: shut while the store takes nothing. Who knocks is told so, and keeps what
 * they have; what a terminal last said of itself is kept for when it opens, since not every terminal says it again.
 */
import type { UpChannel } from '../protocol/index.js';
import type { Ingest } from './ingest/ingest.js';
import type { StoreHealth } from './store/store-health.js';
import type { TerminalMessages } from './terminal-messages.js';

export interface StoreDoorParts {
  readonly health: () => StoreHealth['condition'];
  readonly messages: Pick<TerminalMessages, 'receive'>;
  readonly ingest: Pick<Ingest, 'refuse'>;
}

export class StoreDoor {
  readonly #parts: StoreDoorParts;
  /** The newest of each terminal. */
  readonly #states = new Map<string, Uint8Array>();

  constructor(parts: StoreDoorParts) {
    this.#parts = parts;
  }

  receive(terminal: string, channel: UpChannel, payload: Uint8Array): void {
    const { health, messages, ingest } = this.#parts;
    const condition = health();
    if (condition === 'sound' || channel === 'reply') return messages.receive(terminal, channel, payload);
    if (channel === 'state') this.#states.set(terminal, payload);
    if (channel === 'state' || channel === 'log')
      ingest.refuse(terminal, condition === 'full' ? 'store-full' : 'store-damaged', channel);
  }

  /** The store takes again. */
  open(): void {
    const states = [...this.#states];
    this.#states.clear();
    for (const [terminal, payload] of states) this.#parts.messages.receive(terminal, 'state', payload);
  }
}
