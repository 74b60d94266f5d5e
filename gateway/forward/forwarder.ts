/**
 * Delivers ratings to the centre. The queue is a table: a row is claimed for a while, delivered under its
 * idempotency key, and settled in one transaction with the entry that says so (commit C).
 */
import {
  isBareNegative,
  isPjqError,
  REASON_MISSING,
  retryDelayMs,
  type CentreRating,
  type Clock,
  type Policy,
  type RetryPolicy,
} from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Centre, CentreOutcome } from '../centre/centre-port.js';
import { MAX_RETRY_AFTER_MS } from '../centre/generic-answer.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Store } from '../store/store.js';
import { awaitReason, readyToSend, type QueuedRow } from './bare-negative.js';
import { CONTENT_COLUMNS, centreRating } from './content.js';
import { inTurn } from './corrections.js';
import { freeHeld } from './held-ratings.js';
import { codeOf, Settlements } from './settlements.js';

export interface ForwarderParts {
  readonly hall: string;
  readonly store: Store;
  readonly centre: Centre;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly retry: RetryPolicy;
  readonly uniform: () => number;
  readonly logger: Logger;
  /** Deliveries at once. */
  readonly concurrency: number;
  /** A claim of a gateway that died is free again after this long, ms; longer than the centre's time-out. */
  readonly claimMs: number;
  /** Whether the centre takes no negative rating without a reason: then none is sent to it. */
  readonly refusesBareNegative?: boolean;
  /** Who was served, as bytes that are overwritten once they were sent; without it the centre is told of nobody. */
  readonly evaluatorFor?: (serviceId: string) => Promise<Uint8Array | null>;
  readonly onOutcome: (kind: CentreOutcome['kind']) => void;
}

interface Claimed {
  readonly attempts: number;
  readonly rating: CentreRating;
}

/** With nothing due the queue is looked at this often at least; a commit wakes it at once. */
const IDLE_MS = 1_000;
/** However soon the next one is due, so long is nothing looked at. */
const SHORTEST_LOOK_MS = 10;
/** The wall clock lags behind the steady one by more than this: it was set back. */
const SET_BACK_MS = 5_000;
/** Of a claim that was given back: it is free, and yet a try of it was begun. */
const GIVEN_BACK = 1;
const HOUR_MS = 3_600_000;

export class Forwarder {
  readonly #parts: ForwarderParts;
  readonly #fault: RepeatedFault;
  readonly #settlements: Settlements;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  /** Deliveries in a row, a group each, of which none was answered: then one is tried at a time, by the schedule. */
  #unanswered = 0;
  /** Steady clock until which the centre is left alone. */
  #restUntilMs = 0;
  #seen: { readonly wallMs: number; readonly monoMs: number } | undefined;

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    this.#fault = new RepeatedFault(parts.logger, 'forward');
    this.#settlements = new Settlements(parts.store, parts.clock);
  }

  start(): void {
    this.wake();
  }

  /** Looks at the queue now. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    if (this.#working !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#again = false;
    this.#working = this.#round()
      .then((ended) => this.#nextLookMs(ended))
      .catch((error: unknown) => {
        this.#fault.report(error);
        return IDLE_MS;
      })
      .then((lookMs) => {
        this.#working = undefined;
        if (this.#abort.signal.aborted) return;
        if (this.#again) this.wake();
        else this.#timer = setTimeout(() => this.wake(), lookMs);
      });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** Delivers until nothing is due, or the centre is to be left alone. */
  async #round(): Promise<'nothing-due' | 'resting'> {
    await this.#heedSetBackClock();
    while (!this.#abort.signal.aborted && this.#restMs() === 0) {
      const claimed = await this.#claim();
      if (claimed.length === 0) return 'nothing-due';
      const outcomes = await Promise.all(claimed.map((one) => this.#deliver(one)));
      this.#heed(outcomes.filter((outcome) => outcome !== null));
    }
    return 'resting';
  }

  /**
   * A centre that answers nobody is not asked for every rating of a backlog: it rests by the schedule, and as long as
   * it asks for (RFC 9110 §10.2.3), and is then tried with one. A single rating that it cannot take holds up none.
   */
  #heed(outcomes: readonly CentreOutcome[]): void {
    if (outcomes.length === 0) return;
    const { clock, retry, uniform } = this.#parts;
    const later = outcomes.filter((outcome) => outcome.kind === 'retry');
    if (later.length < outcomes.length) {
      this.#unanswered = 0;
      return;
    }
    this.#unanswered += 1;
    const asked = Math.max(0, ...later.map(({ retryAfterMs }) => retryAfterMs ?? 0));
    this.#restUntilMs = clock.monoMs() + Math.max(asked, retryDelayMs(retry, this.#unanswered, uniform));
  }

  #restMs(): number {
    return Math.max(0, this.#restUntilMs - this.#parts.clock.monoMs());
  }

  /** How long to sleep: until the next one is due or the rest is over. */
  async #nextLookMs(ended: 'nothing-due' | 'resting'): Promise<number> {
    if (ended === 'resting') return Math.max(SHORTEST_LOOK_MS, this.#restMs());
    const { store, clock } = this.#parts;
    const { nextAt } = await store.db
      .selectFrom('forward')
      .select((e) => e.fn.min('nextAt').as('nextAt'))
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow();
    const dueMs = nextAt === null ? IDLE_MS : Number(nextAt) - clock.wallMs();
    // One that is due and was not taken is claimed by another gateway.
    const lookMs = dueMs <= 0 ? IDLE_MS : dueMs;
    return Math.max(SHORTEST_LOOK_MS, Math.min(IDLE_MS, lookMs));
  }

  /** Waits are kept as wall time. When that is set back, what was to be tried soon would wait for the old time to come. */
  async #heedSetBackClock(): Promise<void> {
    const { store, clock } = this.#parts;
    const [wallMs, monoMs, seen] = [clock.wallMs(), clock.monoMs(), this.#seen];
    this.#seen = { wallMs, monoMs };
    if (seen === undefined || wallMs - seen.wallMs > monoMs - seen.monoMs - SET_BACK_MS) return;
    await store.db
      .updateTable('forward')
      .set((e) => ({
        nextAt: wallMs,
        claimedUntil: e.case().when('claimedUntil', '>', 0).then(GIVEN_BACK).else(0).end(),
      }))
      .where('state', '=', 'waiting')
      .where('nextAt', '>', wallMs)
      .execute();
  }

  async #claim(): Promise<Claimed[]> {
    for (;;) {
      const { found, claimed } = await this.#claimGroup();
      // Where a whole group waits for reasons from now on, others may be due behind it.
      if (claimed.length > 0 || found === 0) return claimed;
    }
  }

  async #claimGroup(): Promise<{ readonly found: number; readonly claimed: Claimed[] }> {
    const { store, policy, clock, concurrency, claimMs, retry, refusesBareNegative = false } = this.#parts;
    const longestWaitMs = Math.max(retry.capMs, MAX_RETRY_AFTER_MS);
    return store.db.transaction().execute(async (trx) => {
      const nowMs = clock.wallMs();
      const longestHeldMs = Math.max(policy.offSiteHoldHours * HOUR_MS, policy.later.changeSeconds * 1_000);
      await freeHeld(trx, nowMs, longestHeldMs);
      const rows = await trx
        .selectFrom('forward')
        .innerJoin('rating', 'rating.ratingId', 'forward.ratingId')
        .innerJoin('service', 'service.serviceId', 'rating.serviceId')
        // The rating is a press; by a channel without presses there is none.
        .leftJoin('press', 'press.pressId', 'rating.ratingId')
        // Of one that takes another's place: that other.
        .leftJoin('forward as before', 'before.ratingId', 'forward.corrects')
        .select(['forward.attempts', ...CONTENT_COLUMNS])
        .where('forward.state', '=', 'waiting')
        // What was never tried waits for nothing; and nobody waits so long: the clock was set back since.
        .where((e) =>
          e.or([
            e('forward.nextAt', '<=', nowMs),
            e('forward.attempts', '=', 0),
            e('forward.nextAt', '>', nowMs + longestWaitMs),
          ]),
        )
        .where((e) => e.or([e('forward.claimedUntil', '<=', nowMs), e('forward.claimedUntil', '>', nowMs + claimMs)]))
        .where((e) =>
          e.or([
            e('before.state', 'is', null),
            e('before.state', '<>', 'waiting'),
            e.and([e('before.nextAt', '<=', nowMs), e('before.claimedUntil', '<=', nowMs)]),
          ]),
        )
        .orderBy('forward.nextAt')
        .limit(this.#unanswered > 0 ? 1 : concurrency)
        .execute();
      const due: QueuedRow[] = [];
      for (const row of rows) {
        const next = row.corrects === null ? row : await inTurn(trx, row, nowMs);
        if (next !== null) due.push(next);
      }
      const ready = await readyToSend(trx, due, { refusesBareNegative, nowMs });
      if (ready.length > 0)
        await trx
          .updateTable('forward')
          .set({ claimedUntil: nowMs + claimMs })
          .where(
            'ratingId',
            'in',
            ready.map(({ ratingId }) => ratingId),
          )
          .execute();
      const claimed = ready.map((row) => ({ attempts: row.attempts, rating: centreRating(this.#parts, row) }));
      return { found: due.length, claimed };
    });
  }

  /** @returns `null` where the centre was not asked. */
  async #deliver({ rating, attempts }: Claimed): Promise<CentreOutcome | null> {
    const { store, clock, centre, logger, onOutcome } = this.#parts;
    let evaluator: Uint8Array | undefined;
    try {
      evaluator = await this.#evaluatorOf(rating);
    } catch (error) {
      // The centre takes a rating once: without who was served it would have it so for ever.
      this.#fault.report(error);
      await this.#postpone(rating.ratingId, attempts + 1, { code: isPjqError(error) ? error.code : 'internal' });
      return null;
    }
    // The key is the press itself: whoever sends it again, after whatever restart, sends the same.
    const sent = centre.deliver(rating, rating.ratingId, this.#abort.signal, evaluator);
    const outcome = await sent.finally(() => evaluator?.fill(0));
    if (this.#abort.signal.aborted && outcome.kind === 'retry') {
      await this.#release(rating.ratingId);
      return outcome;
    }
    const isAwaited = outcome.kind === 'refused' && outcome.code === REASON_MISSING && isBareNegative(rating);
    // That a rating is a negative without a reason is in no figure (I6).
    if (!isAwaited) onOutcome(outcome.kind);
    if (outcome.kind === 'retry') {
      this.#fault.report(new Error(`${outcome.code}: ${outcome.detail}`));
      await this.#postpone(rating.ratingId, attempts + 1, outcome);
      return outcome;
    }
    this.#fault.clear();
    const { ratingId, serviceId, corrects } = rating;
    if (isAwaited) {
      await store.db.transaction().execute((trx) => awaitReason(trx, ratingId, clock.wallMs()));
      return outcome;
    }
    await this.#settlements.settle({ ratingId, serviceId, corrects, outcome });
    const code = codeOf(outcome);
    if (code !== null) logger.error({ ratingId, serviceId, code }, 'not taken by the centre');
    return outcome;
  }

  /**
   * Who was served, where the centre is told of it. What is damaged never opens again: the rating goes without, and
   * somebody is told.
   * @throws PjqError `evaluator-key-missing`: it may come back.
   */
  async #evaluatorOf({ serviceId }: CentreRating): Promise<Uint8Array | undefined> {
    const { store, clock, evaluatorFor } = this.#parts;
    try {
      return (await evaluatorFor?.(serviceId)) ?? undefined;
    } catch (error) {
      if (!isPjqError(error, 'evaluator-damaged')) throw error;
      const detail = 'the rating goes to the centre without the evaluator';
      const alarm = { code: error.code, subject: serviceId, detail, at: clock.wallMs() };
      await store.db.transaction().execute((trx) => raiseAlarm(trx, alarm));
      return undefined;
    }
  }

  async #postpone(
    ratingId: string,
    attempts: number,
    outcome: { readonly code: string; readonly retryAfterMs?: number },
  ): Promise<void> {
    const { store, clock, retry, uniform } = this.#parts;
    const waitMs = Math.max(outcome.retryAfterMs ?? 0, retryDelayMs(retry, attempts, uniform));
    await store.db
      .updateTable('forward')
      .set({ attempts, nextAt: clock.wallMs() + waitMs, claimedUntil: 0, lastCode: outcome.code })
      .where('ratingId', '=', ratingId)
      .execute();
  }

  async #release(ratingId: string): Promise<void> {
    await this.#parts.store.db
      .updateTable('forward')
      .set({ claimedUntil: GIVEN_BACK })
      .where('ratingId', '=', ratingId)
      .execute();
  }
}
