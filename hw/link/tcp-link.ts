/** A wire over TCP. */
import { connect } from 'node:net';
import type { ByteLink, ByteLinkEvents } from './byte-link.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** A peer that lost its power says nothing; after this much silence the operating system asks for it. */
const KEEP_ALIVE_MS = 30_000;

export function openTcpLink({ host, port }: { host: string; port: number }, events: ByteLinkEvents): ByteLink {
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
