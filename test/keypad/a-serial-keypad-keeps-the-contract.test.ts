/** The driver of serial keypads over each built-in form on TCP, and the most able one on a serial port. */
import { describe } from 'vitest';
import { counterBoardContract } from '../hw/counter-board-contract.js';
import { hasSocat, ptyCable, tcpCable } from '../hw/cable.js';
import { KEYPAD_NAMES, keypadRig } from './keypad-rig.js';

describe.each(KEYPAD_NAMES)('%s', (name) => {
  // The box of this form tells a press once and nothing else.
  const pressesOnly = name === 'serial-keypad-ascii';
  counterBoardContract('SerialKeypadBoard over TCP', () => keypadRig(name, tcpCable), { pressesOnly });
});

// Needs the program socat, which makes a serial port out of a TCP connection.
describe.skipIf(!hasSocat())('serial-keypad-events on a pty', () => {
  counterBoardContract('SerialKeypadBoard over a serial port', () => keypadRig('serial-keypad-events', ptyCable));
});
