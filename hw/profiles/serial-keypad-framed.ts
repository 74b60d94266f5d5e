/**
 * A form of box with a header, a length, a command and a sum: `AA 55 len cmd data xor`. `len` counts cmd and data; the
 * last byte is the exclusive or of len, cmd and data.
 *
 *     key 1   AA 55 02 01 01 02        lamps off   AA 55 02 02 00 00
 *     key 2   AA 55 02 01 02 01        invited     AA 55 02 02 01 01
 *     key 3   AA 55 02 01 03 00        accepted    AA 55 02 02 02 02
 *     key 4   AA 55 02 01 04 07        fault       AA 55 02 02 04 04
 *     key 5   AA 55 02 01 05 06
 *
 * Which kind of box: five keys on a microcontroller, told down and, while they are held, again every 100 ms; never
 * told up. Lamps are a bit each (1 invited, 2 accepted, 4 fault). It answers no question, so that only its port tells
 * that it was pulled out. 9600 baud, 8N1. No maker publishes his frames: this is a form, ours to assume, to be changed
 * to what the box at hand sends.
 */
import type { SerialKeypadProfileInput } from './serial-keypad-profile.js';

export const SERIAL_KEYPAD_FRAMED = {
  name: 'serial-keypad-framed',
  description: 'button box, 9600 8N1: AA 55 len cmd key xor, told again while held',
  serial: { baud: 9_600 },
  frames: {
    form: 'framed',
    header: 'AA 55',
    lengthOf: 'payload',
    checksum: 'xor',
    checksumOver: 'length-and-payload',
  },
  keys: [
    { level: 1, down: '01 01' },
    { level: 2, down: '01 02' },
    { level: 3, down: '01 03' },
    { level: 4, down: '01 04' },
    { level: 5, down: '01 05' },
  ],
  releases: false,
  holdMs: 250,
  // The sum tells what is noise; a busy line may take its time.
  gapMs: 100,
  lamps: { off: ['02 00'], idle: ['02 00'], invited: ['02 01'], accepted: ['02 02'], fault: ['02 04'] },
  heartbeat: null,
} as const satisfies SerialKeypadProfileInput;
