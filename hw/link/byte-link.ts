/** The wire to a board or a printer: TCP (a network device, ser2net, the simulator) or a serial port. */
import { connect } from 'node:net';
import { ProfileError } from '../profiles/board-profile.js';

export type LinkAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly baud: number };

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
  /** Closes at once; `closed` follows. */
  destroy(): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A peer that lost its power says nothing; after this much silence the operating system asks for it. */
const KEEP_ALIVE_MS = 30_000;

/**
 * `tcp://host:port` or `serial:/dev/ttyACM0?baud=57600`.
 * @throws ProfileError when it is neither.
 */
export function parseBoardAddress(text: string, defaults: { readonly serialBaud: number }): LinkAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'tcp:' && url.hostname !== '' && Number(url.port) > 0 && /^\/?$/.test(url.pathname)) {
    return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
  }
  if (url?.protocol === 'serial:' && url.pathname.startsWith('/')) {
    const baud = Number(url.searchParams.get('baud') ?? defaults.serialBaud);
    if (Number.isInteger(baud) && baud > 0) return { kind: 'serial', path: decodeURIComponent(url.pathname), baud };
  }
  throw new ProfileError([
    `board address: must be tcp://host:port or serial:/dev/…?baud=57600 (got ${JSON.stringify(text)})`,
  ]);
}

export function openByteLink(address: LinkAddress, events: ByteLinkEvents): ByteLink {
  return address.kind === 'tcp' ? openTcp(address, events) : openSerial(address, events);
}

function openTcp({ host, port }: { host: string; port: number }, events: ByteLinkEvents): ByteLink {
  let reason = `tcp://${host}:${port} was closed`;
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  const patience = setTimeout(
    () => socket.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS} ms`)),
    CONNECT_TIMEOUT_MS,
  );
  socket.on('connect', () => {
    clearTimeout(patience);
    events.opened();
  });
  socket.on('data', (chunk) => events.received(chunk));
  // The other side has ended: a board does not half-close.
  socket.on('end', () => socket.destroy());
  socket.on('error', (error) => (reason = `tcp://${host}:${port}: ${error.message}`));
  socket.on('close', () => {
    clearTimeout(patience);
    events.closed(reason);
  });
  return {
    write: (bytes, written) => {
      if (socket.writable && !socket.connecting) socket.write(bytes, (error) => error ?? written?.());
    },
    close: () => void (socket.connecting ? socket.destroy() : socket.end()),
    destroy: () => void socket.destroy(),
  };
}

function openSerial({ path, baud }: { path: string; baud: number }, events: ByteLinkEvents): ByteLink {
  let over = false;
  let shut: (() => void) | undefined;
  let drain: (() => void) | undefined;
  let send: ByteLink['write'] | undefined;
  const closed = (reason: string) => {
    if (over) return;
    over = true;
    events.closed(reason);
  };
  const open = async () => {
    // Loaded here, so that a terminal with a network board needs no native serial module.
    const { SerialPort } = await import('serialport');
    if (over) return;
    const port = new SerialPort({ path, baudRate: baud, autoOpen: false });
    port.on('error', (error) => closed(`${path}: ${error.message}`));
    port.on('close', (error?: Error | null) => closed(error ? `${path}: ${error.message}` : `${path} was closed`));
    port.on('data', (chunk: Buffer) => over || events.received(chunk));
    // A port that is still opening is closed once it is open.
    shut = () => void (port.isOpen && port.close(() => undefined));
    port.open((error) => {
      if (error) return closed(`${path}: ${error.message}`);
      if (over) return shut?.();
      send = (bytes, written) => void port.write(bytes, undefined, (error) => error ?? written?.());
      drain = () => void (port.isOpen && port.drain(() => shut?.()));
      events.opened();
    });
  };
  open().catch((error: unknown) => closed(`${path}: ${String(error)}`));
  const destroy = () => {
    if (send) shut?.();
    else closed(`${path} was closed`);
  };
  return { write: (bytes, written) => over || send?.(bytes, written), close: () => (drain ?? destroy)(), destroy };
}
