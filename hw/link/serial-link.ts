/**
 * A wire over a serial port, by the package serialport.
 *
 * `xon-xoff` sets IXON and IXOFF in termios and nothing else: the kernel's line discipline stops and starts the output
 * and keeps the two bytes to itself. `rts-cts` sets CRTSCTS. Without either, the bytes 0x11 and 0x13 arrive like all
 * others. (serialport 13, bindings-cpp/src/serialport_unix.cpp, setup().)
 *
 * Its poller (bindings-cpp/src/poller.cpp, Poller::poll) hands uv_poll_start only the newest wish: who waits to write is
 * forgotten when something else begins to read, and the other way round. A slip that the other side has stopped would
 * never go on once the printer says a word. So while a write is under way both are asked for again and again.
 */
import type { ByteLink, ByteLinkEvents } from './byte-link.js';
import type { SerialFlow, SerialFormat } from './link-address.js';

/**
 * A port that was pulled out while it was read answers each read with no bytes at once, and serialport then reads for
 * ever (bindings-cpp/dist/unix-read.js) and tells nothing. To be asked for its speed it fails with EIO.
 */
const PULLED_LOOK_MS = 500;

/** UV_READABLE and UV_WRITABLE. */
const BOTH = 0b11;
const ASK_AGAIN_MS = 20;

export function openSerialLink(
  { path, baud, flow, format }: { path: string; baud: number; flow: SerialFlow; format?: SerialFormat },
  events: ByteLinkEvents,
): ByteLink {
  let over = false;
  let shut: (() => void) | undefined;
  let drain: (() => void) | undefined;
  let send: ByteLink['write'] | undefined;
  let pulledLook: NodeJS.Timeout | undefined;
  let unwritten = 0;
  let asking: NodeJS.Timeout | undefined;
  const closed = (reason: string) => {
    if (over) return;
    over = true;
    clearInterval(asking);
    clearInterval(pulledLook);
    events.closed(reason);
  };
  const open = async () => {
    // Loaded here, so that a terminal with a network board needs no native serial module.
    const { SerialPort } = await import('serialport');
    if (over) return;
    const soft = flow === 'xon-xoff';
    const port = new SerialPort({
      path,
      baudRate: baud,
      ...format,
      autoOpen: false,
      xon: soft,
      xoff: soft,
      rtscts: flow === 'rts-cts',
    });
    port.on('error', (error) => closed(`${path}: ${error.message}`));
    port.on('close', (error?: Error | null) => closed(error ? `${path}: ${error.message}` : `${path} was closed`));
    port.on('data', (chunk: Buffer) => over || events.received(chunk));
    // What the other side has stopped is thrown away first: the kernel would hold the port until it goes on.
    shut = () => void (port.isOpen && port.flush(() => port.isOpen && port.close(() => undefined)));
    // A port that is still opening is closed once it is open.
    port.open((error) => {
      if (error) return closed(`${path}: ${error.message}`);
      if (over) return shut?.();
      const askForBoth = () => {
        const { port: binding } = port;
        if (binding?.isOpen && 'poller' in binding) binding.poller.poll(BOTH);
      };
      send = (bytes, written) => {
        if (unwritten === 0) asking = setInterval(askForBoth, ASK_AGAIN_MS);
        unwritten += 1;
        port.write(bytes, undefined, (error) => {
          unwritten -= 1;
          if (unwritten === 0) clearInterval(asking);
          if (!error) written?.();
        });
      };
      drain = () => void (port.isOpen && port.drain(() => port.isOpen && port.close(() => undefined)));
      pulledLook = setInterval(() => {
        port.port?.getBaudRate().catch((error: unknown) => {
          closed(`${path}: ${String(error)}`);
          shut?.();
        });
      }, PULLED_LOOK_MS);
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
