/** Too many tries at a window's code: nobody is told of which kind they were, but for how long it is locked. */
import { PjqError } from '../../protocol/index.js';

export class WindowCodeLocked extends PjqError {
  /** How long it is locked after the last try, ms. */
  readonly lockMs: number;

  constructor(lockMs: number) {
    super('window-code-locked');
    this.lockMs = lockMs;
  }
}
