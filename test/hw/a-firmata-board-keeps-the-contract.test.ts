/** The driver of Firmata boards over the fast virtual board, on TCP and on a serial port. */
import { describe } from 'vitest';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { firmataRig } from './firmata-rig.js';
import { counterBoardContract } from './counter-board-contract.js';
import { hasSocat, ptyCable, tcpCable } from './cable.js';

counterBoardContract('FirmataCounterBoard over TCP', () => firmataRig(new VirtualBoard(), tcpCable));

// Needs the program socat, which makes a serial port out of a TCP connection.
describe.skipIf(!hasSocat())('on a pty', () => {
  counterBoardContract('FirmataCounterBoard over a serial port', () => firmataRig(new VirtualBoard(), ptyCable));
});
