/** Where a wire begins, as a configuration writes it: `tcp://…`, `serial:/dev/…` or `usb:/dev/…`. */
import { ProfileError } from '../profiles/profile-document.js';

/** Who stops the sender when the other side has no room: nobody, the bytes XOFF and XON, or the lines RTS and CTS. */
export type SerialFlow = 'none' | 'xon-xoff' | 'rts-cts';

/** The form of a byte on a serial line; 8 data bits, no parity and 1 stop bit where it is left out. */
export interface SerialFormat {
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

export type LinkAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baud: number;
      readonly flow: SerialFlow;
      readonly format?: SerialFormat;
    }
  /** A device that is read and written as a file: a printer of the USB printer class (usblp). */
  | { readonly kind: 'file'; readonly path: string };

export interface LinkDefaults {
  readonly serialBaud: number;
  readonly serialFlow?: SerialFlow;
  /** For `tcp://host` without one; without a default a port must be named. */
  readonly tcpPort?: number;
}

const FLOWS: readonly string[] = ['none', 'xon-xoff', 'rts-cts'] satisfies SerialFlow[];

/** @returns `undefined` when it is no address. */
export function readLinkAddress(text: string, defaults: LinkDefaults): LinkAddress | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  switch (url?.protocol) {
    case 'tcp:': {
      const port = url.port === '' ? defaults.tcpPort : Number(url.port);
      if (url.hostname === '' || port === undefined || port < 1 || !/^\/?$/.test(url.pathname)) return undefined;
      return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port };
    }
    case 'serial:': {
      const baud = Number(url.searchParams.get('baud') ?? defaults.serialBaud);
      const flow = url.searchParams.get('flow') ?? defaults.serialFlow ?? 'none';
      const known = [...url.searchParams.keys()].every((key) => key === 'baud' || key === 'flow');
      if (!known || !url.pathname.startsWith('/') || !Number.isInteger(baud) || baud < 1 || !isFlow(flow)) {
        return undefined;
      }
      return { kind: 'serial', path: decodeURIComponent(url.pathname), baud, flow };
    }
    case 'usb:':
      if (!url.pathname.startsWith('/') || url.pathname === '/' || url.search !== '') return undefined;
      return { kind: 'file', path: decodeURIComponent(url.pathname) };
    default:
      return undefined;
  }
}

/**
 * `tcp://host:port` or `serial:/dev/ttyACM0?baud=57600`, with `&flow=xon-xoff` or `&flow=rts-cts` where it is needed.
 * @throws ProfileError when it is neither.
 */
export function parseBoardAddress(text: string, defaults: { readonly serialBaud: number }): LinkAddress {
  const address = readLinkAddress(text, defaults);
  if (address !== undefined && address.kind !== 'file') return address;
  throw new ProfileError([
    `board address: must be tcp://host:port or serial:/dev/…?baud=57600 (got ${JSON.stringify(text)})`,
  ]);
}

function isFlow(text: string): text is SerialFlow {
  return FLOWS.includes(text);
}
