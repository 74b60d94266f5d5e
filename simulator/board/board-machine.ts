/** The computer on a virtual board: it has a serial line and pins, and is either the sketch by hand or an emulated AVR. */
export interface BoardPins {
  /** Bytes to the host. */
  send(bytes: readonly number[]): void;
  /** The electrical reading of an input pin; `pulledUp` tells whether the board's own resistor is on. */
  sense(pin: number, pulledUp: boolean): 0 | 1;
  /** An output pin was written (a PWM pin counts as 1 above zero). */
  driven(pin: number, value: 0 | 1): void;
}

export interface BoardMachine {
  /** Power on or reset: everything forgotten, outputs dark. */
  boot(): void;
  /** Bytes from the host, cut anywhere. */
  receive(bytes: Uint8Array): void;
  /** An input has changed: `sense` answers otherwise than before. */
  inputsChanged(): void;
  /** Power off. */
  halt(): void;
}
