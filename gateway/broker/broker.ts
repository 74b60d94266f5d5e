/**
 * The port to the hall's terminals, whichever broker carries it.
 *
 * Contract: after `start` has resolved, every message that a terminal publishes under its own name comes to
 * `message`, and whatever else a peer says of ours comes to `refused` with its code, under the name that it is
 * connected by. Messages may come twice or late. `publish` promises nothing. `down` says that the broker was lost,
 * and with it the word of any terminal that goes meanwhile: none is known to be there until it says so again.
 */
import type { DownChannel, ErrorCode, UpChannel } from '../../protocol/index.js';

export interface BrokerEvents {
  message(terminal: string, channel: UpChannel, payload: Uint8Array): void;
  refused(terminal: string, code: ErrorCode, detail: string): void;
  down(): void;
}

export interface Broker {
  start(events: BrokerEvents): Promise<void>;
  publish(terminal: string, channel: DownChannel, payload: Uint8Array, options: { retain: boolean }): void;
  readonly connected: boolean;
  stop(): Promise<void>;
}
