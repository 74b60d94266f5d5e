/** What a terminal's log is made of. */
import type { Clock, ClockState, HeadSigner, Randomness, Suite } from '../../protocol/index.js';
import type { Timers } from '../timers.js';

export interface TerminalLogParts {
  readonly file: string;
  readonly source: string;
  readonly bootId: string;
  readonly suite: Suite;
  readonly signer: HeadSigner;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Whether the wall clock is known to be right at this moment. */
  readonly clockState: () => ClockState;
  readonly timers?: Timers;
}
