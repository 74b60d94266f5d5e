/** Where a printer is. */
import type { LinkAddress } from '../link/byte-link.js';
import { ProfileError } from '../profiles/profile-document.js';

/** The port on which printers take raw bytes. */
const RAW_PORT = 9_100;

/**
 * `tcp://host` or `tcp://host:port`.
 * @throws ProfileError when it is not of that form.
 */
export function parsePrinterAddress(text: string): LinkAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const port = url?.port === '' ? RAW_PORT : Number(url?.port);
  if (url?.protocol === 'tcp:' && url.hostname !== '' && port > 0 && /^\/?$/.test(url.pathname)) {
    return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port };
  }
  throw new ProfileError([`printer address: must be tcp://host:port (got ${JSON.stringify(text)})`], { of: 'printer' });
}
