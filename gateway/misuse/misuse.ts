/**
 * Looks every few minutes at who rated by phone, and raises what somebody should look at. It reads acts, slips and
 * digests, and touches no rating and no figure.
 */
import type { Clock, Policy, Suite } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { hallDayOf, hallDayStart, isoDate } from '../core/hall-calendar.js';
import { flagsOf, type PrintedSlip, type SeenAct } from '../core/misuse-rules.js';
import { RepeatedLook } from '../retention/repeated-look.js';
import type { Store } from '../store/store.js';
import { raiseFlags } from './flag-book.js';
import { PrintedSlips } from './printed-slips.js';
import { seenActs } from './seen-acts.js';
import type { Sightings } from './sightings.js';

export interface MisuseParts {
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly policy: Pick<Policy, 'ratingWindowDays' | 'timeZone'>;
  readonly sightings: Pick<Sightings, 'write' | 'forget'>;
  readonly logger: Logger;
}

/** This day, and the one before: a terminal's log may come late. */
const DAYS_LOOKED_AT = 2;

export class Misuse {
  readonly #parts: MisuseParts;
  readonly #slips: PrintedSlips;
  readonly #looks: RepeatedLook;

  constructor(parts: MisuseParts, { everyMs = 600_000 }: { readonly everyMs?: number } = {}) {
    this.#parts = parts;
    this.#slips = new PrintedSlips(parts.store, parts.suite);
    this.#looks = new RepeatedLook(() => this.#lookOnce(), {
      what: 'misuse of codes',
      logger: parts.logger,
      everyMs,
    });
  }

  start(): void {
    this.#looks.start({ atOnce: false });
  }

  /** Ends with the step that is under way. */
  async stop(): Promise<void> {
    await this.#looks.stop();
    await this.#parts.sightings.write();
  }

  /** Looks now; it never rejects. */
  look(): Promise<void> {
    return this.#looks.look();
  }

  async #lookOnce(): Promise<void> {
    const { clock, policy, sightings, logger } = this.#parts;
    await sightings.write();
    const today = hallDayOf(clock.wallMs(), policy.timeZone);
    // As long as the days of a service, of which the last is whole.
    await sightings.forget(hallDayStart(today - policy.ratingWindowDays, policy.timeZone));
    let raised = 0;
    for (let day = today - DAYS_LOOKED_AT + 1; day <= today && !this.#looks.stopped; day += 1)
      raised += await this.#lookAt(day, today);
    if (raised > 0) logger.warn({ raised }, 'ratings by phone that somebody should look at: `pjq flags list`');
  }

  /** @returns how many flags were raised. */
  async #lookAt(day: number, today: number): Promise<number> {
    const { store, policy } = this.#parts;
    const [fromMs, untilMs] = [hallDayStart(day, policy.timeZone), hallDayStart(day + 1, policy.timeZone)];
    const acts = await seenActs(store.db, { fromMs, untilMs });
    // A hall whose page nobody uses pays nothing for it.
    if (acts.length === 0) return 0;
    const slips = await this.#slipsOf(acts, { fromMs, untilMs }, today);
    return raiseFlags(store, flagsOf(acts, slips, isoDate(day)));
  }

  /** The slips of a day at the terminals at which somebody rated by phone. */
  async #slipsOf(
    acts: readonly SeenAct[],
    { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
    today: number,
  ): Promise<PrintedSlip[]> {
    const sinceMs = hallDayStart(today - DAYS_LOOKED_AT + 1, this.#parts.policy.timeZone);
    const windows = new Map(acts.map(({ terminal, window }) => [terminal, window]));
    const printed = await this.#slips.read(sinceMs, () => this.#looks.stopped);
    return printed.flatMap((slip) => {
      const window = windows.get(slip.terminal);
      const isOfTheDay = slip.fromMs >= fromMs && slip.fromMs < untilMs;
      return window === undefined || !isOfTheDay ? [] : [{ ...slip, window }];
    });
  }
}
