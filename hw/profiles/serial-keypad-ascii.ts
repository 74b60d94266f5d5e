/**
 * A form of box that sends a digit and a carriage return for each key, and takes its lamps as text.
 *
 *     key 1 … 5   31 0D … 35 0D        lamps off   4C 30 0D   (L0)
 *                                      invited     4C 31 0D   (L1)
 *                                      accepted    4C 32 0D   (L2)
 *                                      fault       4C 33 0D   (L3)
 *
 * Which kind of box: five keys on a controller that was made to be read by a terminal program; one frame a key, no
 * release, no checksum, no question that it answers. It cannot tell that a key is stuck or that it was pulled out of
 * its port. 9600 baud, 8 data bits, no parity, 1 stop bit. No maker publishes his frames: this is a form, ours to
 * assume, to be changed to what the box at hand sends (docs: hw/README.md, "A serial keypad").
 *
 * Without a checksum, two bytes that stand alone are believed: see `serial-keypad-profile.ts` for what protects.
 */
import type { SerialKeypadProfileInput } from './serial-keypad-profile.js';

export const SERIAL_KEYPAD_ASCII = {
  name: 'serial-keypad-ascii',
  description: 'button box, 9600 8N1: one digit and CR a key, lamps by L0 to L3 and CR',
  serial: { baud: 9_600 },
  frames: { form: 'fixed' },
  keys: [
    { level: 1, down: '31 0D' },
    { level: 2, down: '32 0D' },
    { level: 3, down: '33 0D' },
    { level: 4, down: '34 0D' },
    { level: 5, down: '35 0D' },
  ],
  releases: false,
  holdMs: 150,
  lamps: {
    off: ['4C 30 0D'],
    idle: ['4C 30 0D'],
    invited: ['4C 31 0D'],
    accepted: ['4C 32 0D'],
    fault: ['4C 33 0D'],
  },
  heartbeat: null,
} as const satisfies SerialKeypadProfileInput;
