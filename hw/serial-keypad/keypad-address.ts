/** Where a key box is: a serial port, or TCP where a serial server or the simulator stands in between. */
import { parseBoardAddress, type LinkAddress } from '../link/byte-link.js';
import type { SerialKeypadProfile } from '../profiles/serial-keypad-profile.js';

/**
 * `serial:/dev/pjq-keypad`, `serial:/dev/ttyUSB0?baud=4800` or `tcp://host:port`; what the address leaves open, the
 * profile says.
 * @throws ProfileError when it is neither.
 */
export function parseKeypadAddress(text: string, { serial }: SerialKeypadProfile): LinkAddress {
  const { baud, ...format } = serial;
  const address = parseBoardAddress(text, { serialBaud: baud });
  return address.kind === 'serial' ? { ...address, format } : address;
}
