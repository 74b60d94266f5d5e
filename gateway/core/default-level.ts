/** What a service counts as when its days are over and nobody has rated it (S §17). Pure. */
import { stageSchema, type Level, type Policy } from '../../protocol/index.js';

/** What is known of the service when its days are over. */
export interface UnratedService {
  readonly state: string;
  readonly stage: string;
  readonly takenBackAt: number | null;
}

/**
 * @returns the policy's level, or `null`: as nothing. A service that was asked for and never opened by its terminal
 * served nobody; one that the business system took back did not take place; a stage that opens nothing (a failed
 * intake, S §18) is not counted. That staff broke the session off takes nothing away.
 */
export function defaultLevel(
  { state, stage, takenBackAt }: UnratedService,
  { expiry, stages }: Pick<Policy, 'expiry' | 'stages'>,
): Level | null {
  if (state === 'requested' || takenBackAt !== null) return null;
  const known = stageSchema.safeParse(stage);
  if (!known.success || stages[known.data].opens === 'nothing') return null;
  return expiry.countsAs as Level | null;
}
