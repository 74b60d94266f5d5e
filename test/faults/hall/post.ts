/**
 * The way between terminals and gateway within one process, as a broker is: one connection a terminal's name (a second
 * one ends the first, MQTT 3.1.1 §3.1.4), a last will for whoever goes without a word, and nothing is kept. What it
 * carries can meet trouble.
 */
import type { Link, LinkConnection, LinkEvents } from '../../../device/sync/link.js';
import type { Channel } from '../../../protocol/index.js';

export interface Letter {
  readonly terminal: string;
  readonly channel: Channel;
  readonly payload: Uint8Array;
  readonly way: 'up' | 'down';
}

/** What becomes of a letter: the copies that are delivered, each after its time. */
export type Trouble = (letter: Letter) => readonly { readonly letter: Letter; readonly afterMs: number }[];

const NO_TROUBLE: Trouble = (letter) => [{ letter, afterMs: 0 }];

interface Line {
  readonly events: LinkEvents;
  down(reason: string, orderly: boolean): void;
}

export class Post {
  trouble: Trouble = NO_TROUBLE;
  /** Who hears what comes up; `null` while the gateway, and its broker with it, is away. */
  #gateway: ((letter: Letter) => void) | null = null;
  readonly #lines = new Map<string, Line>();
  readonly #waiting = new Set<NodeJS.Timeout>();

  opens(gateway: (letter: Letter) => void): void {
    this.#gateway = gateway;
  }

  /** The gateway ends: so do all connections. */
  closes(): void {
    this.#gateway = null;
    for (const line of [...this.#lines.values()]) line.down('the broker is gone', true);
  }

  /** Forgets what is on its way. */
  stop(): void {
    this.closes();
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }

  /** Cuts the connection that this name has. */
  cut(terminal: string): void {
    this.#lines.get(terminal)?.down('cut', false);
  }

  /** The gateway says something. */
  publish(terminal: string, channel: Channel, payload: Uint8Array): void {
    this.#carry({ terminal, channel, payload, way: 'down' });
  }

  link(terminal: string): Link {
    return { connect: (events, lastWill) => this.#connect(terminal, events, lastWill) };
  }

  #connect(terminal: string, events: LinkEvents, lastWill: Uint8Array): LinkConnection {
    let over = false;
    const line: Line = {
      events,
      down: (reason, orderly) => {
        if (over) return;
        over = true;
        if (this.#lines.get(terminal) === line) this.#lines.delete(terminal);
        if (!orderly) this.#gateway?.({ terminal, channel: 'state', payload: lastWill, way: 'up' });
        setImmediate(() => events.down(reason));
      },
    };
    setImmediate(() => {
      if (over) return;
      if (this.#gateway === null) return line.down('nobody there', true);
      this.#lines.get(terminal)?.down('another took this name', false);
      this.#lines.set(terminal, line);
      events.up();
    });
    return {
      publish: (channel, payload) => {
        if (!over && this.#lines.get(terminal) === line) this.#carry({ terminal, channel, payload, way: 'up' });
      },
      close: () => {
        line.down('closed', true);
        return Promise.resolve();
      },
    };
  }

  #carry(sent: Letter): void {
    for (const { letter, afterMs } of this.trouble(sent)) {
      if (afterMs === 0) {
        setImmediate(() => this.#deliver(letter));
        continue;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        this.#deliver(letter);
      }, afterMs);
      this.#waiting.add(timer);
    }
  }

  #deliver(letter: Letter): void {
    if (letter.way === 'up') this.#gateway?.(letter);
    else this.#lines.get(letter.terminal)?.events.message(letter.channel, letter.payload);
  }
}
