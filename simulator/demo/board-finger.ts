/** The finger on a counter's virtual keys, and the eye on its lamps: the control port of its board. */
import { z } from 'zod';
import { loggedNumber } from '../process/logged-field.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import { call, jsonOf } from './loopback-call.js';

/** Presses of one counter queue up behind each other, each for as long as the board waits for its lamp. */
const PRESS_TIMEOUT_MS = 15_000;
/** A slow finger: a machine that is busy with a whole hall may read both edges of a quick one at once, as a bounce. */
const HOLD_MS = 250;

const LAMPS_TIMEOUT_MS = 1_000;

/** Lit or dark, as the terminal drives the pins through Firmata. No lamp tells a level. */
const lampsSchema = z.object({ invited: z.boolean(), accepted: z.boolean(), fault: z.boolean() });
export type Lamps = z.infer<typeof lampsSchema>;

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

  /** `undefined` while the board's program does not answer. */
  async lamps(): Promise<Lamps | undefined> {
    const port = loggedNumber(this.#board, 'controlPort');
    if (port === undefined) return undefined;
    try {
      return lampsSchema.safeParse(
        jsonOf(await call({ port, method: 'GET', path: '/lamps', timeoutMs: LAMPS_TIMEOUT_MS })),
      ).data;
    } catch {
      return undefined;
    }
  }
}
