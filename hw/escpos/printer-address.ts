/** Where a printer is. */
import { readLinkAddress, type LinkAddress } from '../link/link-address.js';
import type { PrinterProfile } from '../profiles/printer-profile.js';
import { ProfileError } from '../profiles/profile-document.js';

/** The port on which printers take raw bytes. */
const RAW_PORT = 9_100;

/**
 * `tcp://host`, `tcp://host:port`, `serial:/dev/ttyUSB0?baud=19200&flow=xon-xoff` or `usb:/dev/usb/lp0`.
 * @param serial what a serial address leaves out: the profile's.
 * @throws ProfileError when it is not of that form.
 */
export function parsePrinterAddress(
  text: string,
  serial: PrinterProfile['serial'] = { baud: 9_600, flow: 'none' },
): LinkAddress {
  const defaults = { serialBaud: serial.baud, serialFlow: serial.flow, tcpPort: RAW_PORT };
  const address = readLinkAddress(text, defaults);
  if (address !== undefined) return address;
  throw new ProfileError(
    [
      `printer address: must be tcp://host:port, serial:/dev/…?baud=19200&flow=none|xon-xoff|rts-cts or usb:/dev/usb/lp0 (got ${JSON.stringify(text)})`,
    ],
    { of: 'printer' },
  );
}
