/** The lamps of the counter: each accepted press is seen, also where the accepted lamp is lit already. */
import type { CounterBoard, LampSignal } from '../../hw/ports/counter-board.js';
import type { Timers } from '../timers.js';

/** How long the accepted lamp goes dark between two accepted presses: long enough to be seen, ms. */
const BLINK_MS = 80;

export class CounterLamps {
  readonly #board: Pick<CounterBoard, 'setLamps'>;
  readonly #timers: Timers;
  #lit: LampSignal = 'off';
  #cancelBlink: () => void = () => undefined;

  constructor(board: Pick<CounterBoard, 'setLamps'>, timers: Timers) {
    this.#board = board;
    this.#timers = timers;
  }

  /** Shows a signal and ends a blink that is under way. */
  show(signal: LampSignal): void {
    this.#cancelBlink();
    this.#lit = signal;
    this.#board.setLamps(signal);
  }

  /** A press was accepted. Looks the same for every level (I6). */
  accepted(): void {
    if (this.#lit !== 'accepted') {
      this.show('accepted');
      return;
    }
    this.#cancelBlink();
    this.#board.setLamps('off');
    this.#cancelBlink = this.#timers.after(BLINK_MS, () => this.#board.setLamps('accepted'));
  }
}
