/**
 * Delivers ratings to the centre. The queue is a table: a row is claimed for a while, delivered under its
 * idempotency key, and settled in one transaction with the entry that says so (commit C).
 */
import {
  retryDelayMs,
  type CentreRating,
  type Clock,
  type Level,
  type Matter,
  type Policy,
  type RetryPolicy,
  type Stage,
} from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Centre, CentreOutcome } from '../centre/centre-port.js';
import { GENERIC_WINDOW_CHANNEL } from '../centre/generic-mapping.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Store } from '../store/store.js';

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
  readonly onOutcome: (kind: CentreOutcome['kind']) => void;
}

interface Claimed {
  readonly attempts: number;
  readonly rating: CentreRating;
}

/** With nothing due the queue is looked at this often; a commit wakes it at once. */
const IDLE_MS = 1_000;

export class Forwarder {
  readonly #parts: ForwarderParts;
  readonly #fault: RepeatedFault;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #again = false;

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    this.#fault = new RepeatedFault(parts.logger, 'forward');
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
      .catch((error: unknown) => this.#fault.report(error))
      .finally(() => {
        this.#working = undefined;
        if (this.#again) this.wake();
        else if (!this.#abort.signal.aborted) this.#timer = setTimeout(() => this.wake(), IDLE_MS);
      });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** Delivers until nothing is due. */
  async #round(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const claimed = await this.#claim();
      if (claimed.length === 0) return;
      await Promise.all(claimed.map((one) => this.#deliver(one)));
    }
  }

  async #claim(): Promise<Claimed[]> {
    const { store, clock, concurrency, claimMs } = this.#parts;
    return store.db.transaction().execute(async (trx) => {
      const nowMs = clock.wallMs();
      const rows = await trx
        .selectFrom('forward')
        .innerJoin('rating', 'rating.ratingId', 'forward.ratingId')
        .innerJoin('service', 'service.serviceId', 'rating.serviceId')
        // The rating is a press; by a channel without presses there is none.
        .leftJoin('press', 'press.pressId', 'rating.ratingId')
        .select([
          'forward.ratingId',
          'attempts',
          'rating.serviceId',
          'rating.level',
          'reasons',
          'rating.at',
          'correctedLowMs',
          'correctedHighMs',
          'terminal',
          'window',
          'caseNo',
          'stage',
          'matter',
          'staffNo',
          'openedAt',
        ])
        .where('forward.state', '=', 'waiting')
        .where('nextAt', '<=', nowMs)
        .where('claimedUntil', '<=', nowMs)
        .orderBy('nextAt')
        .limit(concurrency)
        .execute();
      for (const row of rows) {
        await trx
          .updateTable('forward')
          .set({ claimedUntil: nowMs + claimMs })
          .where('ratingId', '=', row.ratingId)
          .execute();
      }
      return rows.map((row) => ({ attempts: row.attempts, rating: this.#content(row) }));
    });
  }

  #content(row: {
    ratingId: string;
    serviceId: string;
    level: number;
    reasons: string | null;
    at: number;
    correctedLowMs: number | null;
    correctedHighMs: number | null;
    terminal: string;
    window: string | null;
    caseNo: string;
    stage: string;
    matter: string | null;
    staffNo: string | null;
    openedAt: number | null;
  }): CentreRating {
    const stage = row.stage as Stage;
    const rule = this.#parts.policy.stages[stage];
    const corrected =
      row.correctedLowMs === null || row.correctedHighMs === null
        ? null
        : Math.round((row.correctedLowMs + row.correctedHighMs) / 2);
    // Both times move together: a centre enforces that service comes before rating.
    const shift = corrected === null ? 0 : corrected - row.at;
    return {
      ratingId: row.ratingId,
      serviceId: row.serviceId,
      hall: this.#parts.hall,
      terminal: row.terminal,
      ...(row.window === null ? {} : { window: row.window }),
      caseNo: row.caseNo,
      serviceNumber: rule.serviceNumber,
      assessNumber: 1,
      stage,
      satisfaction: row.level as Level,
      ...(row.reasons === null ? {} : { reasons: JSON.parse(row.reasons) as string[] }),
      channel: GENERIC_WINDOW_CHANNEL,
      attributedTo: rule.attributedTo,
      ...(row.matter === null ? {} : { matter: JSON.parse(row.matter) as Matter }),
      ...(row.staffNo === null ? {} : { staffNo: row.staffNo }),
      serviceTime: (row.openedAt ?? row.at) + shift,
      assessTime: row.at + shift,
    };
  }

  async #deliver({ rating, attempts }: Claimed): Promise<void> {
    const { centre, logger, onOutcome } = this.#parts;
    // The key is the press itself: whoever sends it again, after whatever restart, sends the same.
    const outcome = await centre.deliver(rating, rating.ratingId, this.#abort.signal);
    if (this.#abort.signal.aborted && outcome.kind === 'retry') return this.#release(rating.ratingId);
    onOutcome(outcome.kind);
    if (outcome.kind === 'retry') {
      this.#fault.report(new Error(`${outcome.code}: ${outcome.detail}`));
      return this.#postpone(rating.ratingId, attempts + 1, outcome);
    }
    this.#fault.clear();
    await this.#settle(rating, outcome);
    if (outcome.kind === 'conflict' || outcome.kind === 'refused') {
      logger.error(
        {
          ratingId: rating.ratingId,
          serviceId: rating.serviceId,
          code: outcome.kind === 'conflict' ? 'centre-conflict' : 'centre-refused',
        },
        'not taken by the centre',
      );
    }
  }

  async #settle(rating: CentreRating, outcome: Exclude<CentreOutcome, { kind: 'retry' }>): Promise<void> {
    const { store, clock } = this.#parts;
    const { ratingId } = rating;
    const code =
      outcome.kind === 'conflict'
        ? ('centre-conflict' as const)
        : outcome.kind === 'refused'
          ? ('centre-refused' as const)
          : null;
    await store.db.transaction().execute(async (trx) => {
      const nowMs = clock.wallMs();
      await trx
        .updateTable('forward')
        .set({
          state: code === null ? 'delivered' : outcome.kind,
          claimedUntil: 0,
          lastCode: code,
          deliveredAt: code === null ? nowMs : null,
        })
        .where('ratingId', '=', ratingId)
        .execute();
      await store.own.append(trx, 'centre.answered', {
        ratingId,
        outcome: outcome.kind,
        ...(outcome.kind === 'refused' ? { code: outcome.code.slice(0, 60) } : {}),
      });
      if (code !== null)
        await raiseAlarm(trx, { code, subject: rating.serviceId, detail: `rating ${ratingId}`, at: nowMs });
    });
  }

  async #postpone(
    ratingId: string,
    attempts: number,
    outcome: Extract<CentreOutcome, { kind: 'retry' }>,
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
      .set({ claimedUntil: 0 })
      .where('ratingId', '=', ratingId)
      .execute();
  }
}
