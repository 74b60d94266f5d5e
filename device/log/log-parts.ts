/** What a terminal's log is made of. */
import type { Clock, ClockState, HeadSigner, Randomness, Suite } from '../../protocol/index.js';
import type { Timers } from '../timers.js';
import type { Ballast } from './ballast.js';
import type { DiskFault } from './disk-fault.js';

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
  /** Room that is given up when the disk is full. */
  readonly ballast?: Pick<Ballast, 'give'>;
  /** Hears each time the disk took nothing, or took it only because room was given up. */
  readonly onDiskFault?: (fault: DiskFault) => void;
}
