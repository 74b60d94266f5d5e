/** The driver of Firmata boards over StandardFirmata as it is flashed, on an emulated ATmega328P. */
import { parseBoardProfile } from '../../hw/profiles/board-profile.js';
import { UNO_OUTER_RESISTORS } from '../../hw/profiles/uno-outer-resistors.js';
import { avrBoard } from '../../simulator/board/avr-board.js';
import { tcpCable } from './cable.js';
import { counterBoardContract } from './counter-board-contract.js';
import { firmataRig } from './firmata-rig.js';

const profile = parseBoardProfile({ ...UNO_OUTER_RESISTORS, armUpMs: 60, stuckMs: 1_000 });
/** It boots for two seconds of its own time, and a question takes it a few milliseconds. */
const timings = { handshakeRetryMs: 500, handshakeTimeoutMs: 30_000, probeMs: 250, probeMisses: 3 };

counterBoardContract(
  'FirmataCounterBoard over the emulated Uno',
  () => firmataRig(avrBoard({ hurriedBoot: true }), tcpCable, { profile, timings }),
  { slow: 4, cuts: 2 },
);
