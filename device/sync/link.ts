/**
 * The port to the hall: one connection at a time.
 *
 * Contract: `connect` starts one try and calls back exactly once `up` or `down`; after `up`, `down` comes
 * exactly once, also after `close`. Nothing is called after `down`. `publish` promises nothing (a PUBACK proves
 * nothing); what matters is answered by a message of ours.
 */
import type { Channel } from '../../protocol/index.js';

export interface LinkEvents {
  up(): void;
  message(channel: Channel, payload: Uint8Array): void;
  down(reason: string): void;
}

export interface LinkConnection {
  publish(channel: Channel, payload: Uint8Array, options: { retain: boolean }): void;
  close(): Promise<void>;
}

export interface Link {
  /** @param lastWill published by the broker on `state` (retained) when the connection dies. */
  connect(events: LinkEvents, lastWill: Uint8Array): LinkConnection;
}
