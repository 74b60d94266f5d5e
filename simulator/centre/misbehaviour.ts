/** What a test may have the simulated centre do to the ratings that come (POST /_faults). */
import { z } from 'zod';

/** How many ratings meet it, after which the centre behaves again; for ever when absent. */
const times = z.int().min(1).optional();

export const misbehaviourSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none') }),
  /** 500 to everything, nothing taken. */
  z.strictObject({ mode: z.literal('down-500'), times }),
  /** 429 with Retry-After (seconds or an HTTP date), nothing taken. */
  z.strictObject({ mode: z.literal('429'), times, retryAfter: z.string().max(40).default('1') }),
  /** Any answer at all, nothing taken. */
  z.strictObject({
    mode: z.literal('garbage'),
    times,
    status: z.int().min(200).max(599).default(200),
    body: z.string().default('<html><body>Welcome</body></html>'),
  }),
  /** Judges and commits, then never answers. */
  z.strictObject({ mode: z.literal('accept-then-timeout'), times }),
  /** Judges and commits, then closes the connection in the middle of the answer; with `taken: false` it does not even judge. */
  z.strictObject({ mode: z.literal('cut-answer'), times, taken: z.boolean().default(true) }),
  /** Judges, commits, and lets the answer drip, a byte each `gapMs`. */
  z.strictObject({ mode: z.literal('drip'), times, gapMs: z.int().min(1).max(10_000).default(20) }),
  /** Says that it has another rating for this one already (with another level), and takes nothing. */
  z.strictObject({ mode: z.literal('already-another'), times }),
  /** Judges only after the delay. */
  z.strictObject({ mode: z.literal('slow'), times, delayMs: z.int().min(1).max(600_000).default(1_000) }),
]);
export type Misbehaviour = z.infer<typeof misbehaviourSchema>;

/** Kept in memory: a centre that starts again behaves. */
export class MisbehaviourSwitch {
  #current: Misbehaviour = { mode: 'none' };

  get current(): Misbehaviour {
    return this.#current;
  }

  set(misbehaviour: Misbehaviour): void {
    this.#current = misbehaviour;
  }

  /** What the next rating meets. */
  next(): Misbehaviour {
    const current = this.#current;
    if (current.mode === 'none' || current.times === undefined) return current;
    this.#current = current.times > 1 ? { ...current, times: current.times - 1 } : { mode: 'none' };
    return current;
  }
}
