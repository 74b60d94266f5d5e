/**
 * A form of box that tells presses and releases, has a lamp command for each lamp, and answers a question:
 * `02 len payload crc crc 03`. `len` counts the payload; the sum is CRC-16/MODBUS of len and payload, low byte first.
 *
 *     payload       from the box                          payload       to the box
 *     4B k 01       key k went down, and again every      4C n 00 / 01  lamp n dark / lit
 *                   100 ms while it is held                             (1 invited, 2 accepted, 3 fault)
 *     4B k 00       key k went up                         3F            are you there?
 *     21            I am here (to 3F)
 *     42            I have started; lamps are dark
 *
 *     key 5 down    02 03 4B 05 01 B2 E6 03
 *     key 5 up      02 03 4B 05 00 73 26 03
 *     question      02 01 3F 40 30 03       answer   02 01 21 C0 38 03
 *
 * Which kind of box: a newer one on a USB-to-serial chip or an RS-485 converter. 9600 baud, 8N1. It is asked every
 * second, and lost after three questions without an answer. No maker publishes his frames: this is a form, ours to
 * assume, to be changed to what the box at hand sends.
 */
import type { SerialKeypadProfileInput } from './serial-keypad-profile.js';

export const SERIAL_KEYPAD_EVENTS = {
  name: 'serial-keypad-events',
  description: 'button box, 9600 8N1: press and release frames with CRC-16, lamps, heartbeat',
  serial: { baud: 9_600 },
  frames: {
    form: 'framed',
    header: '02',
    lengthOf: 'payload',
    checksum: 'crc16-modbus',
    checksumOver: 'length-and-payload',
    trailer: '03',
  },
  keys: [
    { level: 1, down: '4B 01 01', up: '4B 01 00' },
    { level: 2, down: '4B 02 01', up: '4B 02 00' },
    { level: 3, down: '4B 03 01', up: '4B 03 00' },
    { level: 4, down: '4B 04 01', up: '4B 04 00' },
    { level: 5, down: '4B 05 01', up: '4B 05 00' },
  ],
  releases: true,
  holdMs: 280,
  // The sum tells what is noise; a busy line may take its time.
  gapMs: 100,
  started: '42',
  // Dark before lit: two signals are never lit together.
  lamps: {
    off: ['4C 01 00', '4C 02 00', '4C 03 00'],
    idle: ['4C 01 00', '4C 02 00', '4C 03 00'],
    invited: ['4C 02 00', '4C 03 00', '4C 01 01'],
    accepted: ['4C 01 00', '4C 03 00', '4C 02 01'],
    fault: ['4C 01 00', '4C 02 00', '4C 03 01'],
  },
  heartbeat: { ask: '3F', answer: '21', everyMs: 1_000, misses: 3 },
} as const satisfies SerialKeypadProfileInput;
