/** The virtual board whose computer is an emulated ATmega328P with the genuine StandardFirmata in its flash. */
import { AvrMachine } from './avr-machine.js';
import { loadUnoFirmware } from './uno-firmware.js';
import { UNO_WIRING_WITH_RESISTORS } from './uno-wiring.js';
import { VirtualBoard, type VirtualBoardOptions } from './virtual-board.js';

export interface AvrBoardOptions extends Omit<VirtualBoardOptions, 'machine'> {
  /** From power on to its first byte (1.9 s) as fast as it goes. */
  readonly hurriedBoot?: boolean;
}

/**
 * Its keys have resistors by default: this firmware (Firmata 2.4) does not know pin mode 11, the board's pull-up.
 * @throws PjqError `config-invalid` when the firmware is missing or another.
 */
export function avrBoard({ hurriedBoot = false, ...options }: AvrBoardOptions = {}): VirtualBoard {
  const flash = loadUnoFirmware();
  return new VirtualBoard({
    wiring: UNO_WIRING_WITH_RESISTORS,
    ...options,
    machine: (pins) => new AvrMachine({ flash, pins, hurriedBoot }),
  });
}
