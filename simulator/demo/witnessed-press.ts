/** A virtual press and what became of it, as somebody who watches the lamp can honestly say. */
import type { TerminalSession } from './terminal-door.js';

export type PressResult = 'accepted' | 'refused' | 'unknown';

export interface PressWitness {
  /** `undefined` while the terminal does not answer. */
  session(): Promise<TerminalSession | undefined>;
  /** Moves the key and watches the accepted lamp. */
  press(): Promise<'seen' | 'dark' | 'unknown'>;
  /** Changes whenever the terminal's program is started. */
  run(): number;
}

/**
 * `accepted` only after the lamp; `refused` only when surely nothing can have taken the press; else `unknown`.
 * The key is moved also when no service is open: what the terminal does then is its own to decide.
 */
export async function witnessPress(witness: PressWitness): Promise<PressResult> {
  const run = witness.run();
  const before = await witness.session();
  const lamp = await witness.press();
  // A terminal that starts lights the lamp again for the press that it has, which may be an earlier one.
  if (witness.run() !== run) return 'unknown';
  if (lamp === 'seen') return 'accepted';
  if (lamp === 'unknown' || !isWithoutService(before)) return 'unknown';
  return isWithoutService(await witness.session()) && witness.run() === run ? 'refused' : 'unknown';
}

/** Out of service is not: a service may wait behind it. */
function isWithoutService(session: TerminalSession | undefined): boolean {
  return session !== undefined && ['idle', 'offDuty', 'paused'].includes(session.state);
}
