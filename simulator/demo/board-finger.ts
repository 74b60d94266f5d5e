/** The finger on a counter's virtual keys: the control port of its board. */
import { loggedNumber } from '../process/logged-field.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import { call } from './loopback-call.js';

/** Presses of one counter queue up behind each other, each for as long as the board waits for its lamp. */
const PRESS_TIMEOUT_MS = 15_000;
/** A slow finger: a machine that is busy with a whole hall may read both edges of a quick one at once, as a bounce. */
const HOLD_MS = 250;

export class BoardFinger {
  readonly #board: SupervisedProcess;

  constructor(board: SupervisedProcess) {
    this.#board = board;
  }

  /**
   * Moves a key down and up.
   * @returns `seen`: the accepted lamp went on; `dark`: the board waited for it and it did not;
   * `unknown`: the board is not there or ended meanwhile, so that nobody watched the lamp.
   */
  async press(level: number): Promise<'seen' | 'dark' | 'unknown'> {
    const port = loggedNumber(this.#board, 'controlPort');
    if (port === undefined) return 'unknown';
    try {
      const { status } = await call({
        port,
        method: 'POST',
        path: '/press',
        body: { level, holdMs: HOLD_MS },
        timeoutMs: PRESS_TIMEOUT_MS,
      });
      return status === 200 ? 'seen' : status === 504 ? 'dark' : 'unknown';
    } catch {
      return 'unknown';
    }
  }
}
