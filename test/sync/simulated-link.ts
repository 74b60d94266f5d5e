/** The wire between terminal and hall, by the contract of its port. It can lose, double, reorder and cut. */
import { decodeBatch, decodeMessage, type Channel } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import type { Link, LinkConnection, LinkEvents } from '../../device/sync/link.js';

export interface Up {
  readonly channel: Channel;
  readonly payload: Uint8Array;
}

/** The wire, by the contract of `Link`: `up` or `down` once, nothing after `down`. */
export class SimulatedLink implements Link {
  /** Whether the next try reaches the broker. */
  reachable = true;
  tries = 0;
  readonly sent: Up[] = [];
  readonly wills: Uint8Array[] = [];
  /** What becomes of a message up; the default delivers it. */
  carryUp: (message: Up) => readonly Up[] = (message) => [message];
  /** What becomes of a message down. */
  carryDown: (message: Up) => readonly Up[] = (message) => [message];
  deliver: (message: Up) => void = () => undefined;
  #events: LinkEvents | undefined;

  connect(events: LinkEvents, lastWill: Uint8Array): LinkConnection {
    this.tries += 1;
    this.wills.push(lastWill);
    let over = false;
    const own: LinkEvents = {
      up: () => events.up(),
      message: (channel, payload) => {
        if (!over) events.message(channel, payload);
      },
      down: (reason) => {
        if (over) return;
        over = true;
        this.#events = undefined;
        setImmediate(() => events.down(reason));
      },
    };
    const { reachable } = this;
    setImmediate(() => {
      if (over) return;
      if (!reachable) return own.down('unreachable');
      this.#events = own;
      own.up();
    });
    return {
      publish: (channel, payload) => {
        if (over || this.#events !== own) return;
        this.sent.push({ channel, payload });
        for (const message of this.carryUp({ channel, payload })) setImmediate(() => this.deliver(message));
      },
      close: async () => own.down('closed'),
    };
  }

  get up(): boolean {
    return this.#events !== undefined;
  }

  cut(): void {
    this.#events?.down('cut');
  }

  /** Something comes down the wire. */
  receive(message: Up): void {
    for (const one of this.carryDown(message)) this.#events?.message(one.channel, one.payload);
  }

  batches(): { epoch: string; firstSeq: number; lastSeq: number }[] {
    return this.sent
      .filter(({ channel }) => channel === 'log')
      .map(({ payload }) => {
        const { epoch, firstSeq, count } = decodeBatch(nodeSuite, payload).header;
        return { epoch, firstSeq, lastSeq: firstSeq + count - 1 };
      });
  }

  states(): Record<string, unknown>[] {
    return this.sent
      .filter(({ channel }) => channel === 'state')
      .map(({ payload }) => ({ ...decodeMessage(nodeSuite, 'state', payload) }));
  }
}
