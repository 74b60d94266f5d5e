/**
 * Whether the clock may be believed when it says that entries are old. Pure. A clock that jumps ahead by ten years
 * would make every entry old at once, and letting go cannot be taken back; so after a jump, and after a start that
 * nothing is known before, nothing goes until the clock has kept its pace for a week: time to set it right.
 */

const HOUR_MS = 3_600_000;
/** A hall that was closed over a long holiday opens with its clock believed. */
export const JUMP_MS = 14 * 24 * HOUR_MS;
export const STEADY_MS = 7 * 24 * HOUR_MS;

/** What is remembered from look to look, in `meta`. */
export interface ClockMemory {
  readonly lastMs: number;
  /** Nothing goes before this. */
  readonly heldUntilMs: number;
}

export interface ClockJudgement {
  readonly steady: boolean;
  readonly memory: ClockMemory;
}

/** What is a jump, and how long the clock has to keep its pace after one. */
export interface ClockRule {
  readonly jumpMs: number;
  readonly steadyMs: number;
}

/** @param memory of the last look; `undefined` at the first. */
export function judgeClock(
  nowMs: number,
  memory: ClockMemory | undefined,
  { jumpMs, steadyMs }: ClockRule = { jumpMs: JUMP_MS, steadyMs: STEADY_MS },
): ClockJudgement {
  const steppedAhead = memory === undefined || nowMs - memory.lastMs > jumpMs;
  // Set back by more than the waiting: the hold was in a future that does not come, and counts from here.
  const holdIsFar = memory !== undefined && memory.heldUntilMs - nowMs > steadyMs;
  const heldUntilMs = steppedAhead || holdIsFar ? nowMs + steadyMs : memory.heldUntilMs;
  return { steady: nowMs >= heldUntilMs, memory: { lastMs: nowMs, heldUntilMs } };
}
