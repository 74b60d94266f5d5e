/** The wire to a board or a printer: TCP (a network device, ser2net, the simulator), a serial port or a device file. */
import { openFileLink } from './file-link.js';
import type { LinkAddress } from './link-address.js';
import { openSerialLink } from './serial-link.js';
import { openTcpLink } from './tcp-link.js';

export { parseBoardAddress, type LinkAddress, type SerialFlow } from './link-address.js';

export interface ByteLinkEvents {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** Once, and the last: it could not be opened, it broke, or it was closed. */
  closed(reason: string): void;
}

export interface ByteLink {
  /** Does nothing unless the link is open. `written`: the operating system has taken all of it; not when it breaks. */
  write(bytes: Buffer, written?: () => void): void;
  /** Sends what was written, then closes; `closed` follows. May be called at any time and twice. */
  close(): void;
  /** Closes at once, and what has not left yet never does; `closed` follows. */
  destroy(): void;
}

export function openByteLink(address: LinkAddress, events: ByteLinkEvents): ByteLink {
  switch (address.kind) {
    case 'tcp':
      return openTcpLink(address, events);
    case 'serial':
      return openSerialLink(address, events);
    case 'file':
      return openFileLink(address, events);
  }
}
