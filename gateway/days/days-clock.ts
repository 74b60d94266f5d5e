/**
 * Whether the wall clock may be believed when it says that days are over, or that it is time for a message. A clock
 * that jumps ahead by years would end the days of every service at once; so after a jump of more than three days (no
 * weekend is one) nothing is done until the clock has kept its pace for a day, which is time to set it right, or until
 * an operator says that it is right. A jump of less than that can end days too early by as much.
 *
 * Letting entries go has a stricter rule (`retention`): that cannot be made good, whereas a rating that comes in time
 * counts although its service was counted by default before.
 */
import type { Clock } from '../../protocol/index.js';
import { rememberClock, rememberedClock, type ClockKey } from '../retention/clock-memory.js';
import { judgeClock, type ClockRule } from '../retention/steady-clock.js';
import type { Db, Store } from '../store/store.js';

const DAY_MS = 24 * 3_600_000;
export const DAYS_CLOCK: ClockRule = { jumpMs: 3 * DAY_MS, steadyMs: DAY_MS };

/** Where each of those who ask remembers the clock, in `meta`. */
export type DaysClockKey = Extract<ClockKey, 'daysClock' | 'remindersClock'>;

export interface ClockSeen {
  readonly steady: boolean;
  readonly heldUntilMs: number;
  /** Whether the hold began at this look. */
  readonly holdIsNew: boolean;
}

/** Looks at the clock and remembers it. */
export async function seeClock({ db }: Store, clock: Clock, key: DaysClockKey): Promise<ClockSeen> {
  const nowMs = clock.wallMs();
  const before = await rememberedClock(db, key);
  const { steady, memory } = judgeClock(
    nowMs,
    before ?? { lastMs: await newestMs(db, nowMs), heldUntilMs: 0 },
    DAYS_CLOCK,
  );
  await rememberClock(db, key, memory);
  return { steady, heldUntilMs: memory.heldUntilMs, holdIsNew: !steady && memory.heldUntilMs !== before?.heldUntilMs };
}

/** An operator says that the clock is right. */
export async function trustClock({ db }: Store, clock: Clock, key: DaysClockKey): Promise<void> {
  const nowMs = clock.wallMs();
  await rememberClock(db, key, { lastMs: nowMs, heldUntilMs: nowMs });
}

/** A hall that looks for the first time knows the clock by its newest entry. */
async function newestMs(db: Db, nowMs: number): Promise<number> {
  const row = await db.selectFrom('entry').select('receivedAt').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.receivedAt ?? nowMs;
}
