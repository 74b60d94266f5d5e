/**
 * The gateway's retention: entries older than the hall keeps them go, chain by chain, in steps so small that no commit
 * waits for them. Figures (services, presses, ratings, what the centre has) stay: they are what statistics are made of,
 * and by their ids a rating that comes once more is recognised. Pages that become free are used again; the file does
 * not shrink, and nothing is vacuumed.
 */
import type { Logger } from '../../protocol/runtime/logging.js';
import type { FirstAnswers } from '../services/first-answers.js';
import { databaseSpace } from '../store/space.js';
import { agedBy, type Aged } from './aged.js';
import { pruneEpoch, type HeldBy, type PruneParts } from './prune-epoch.js';
import { rememberClock, rememberedClock } from './clock-memory.js';
import { RepeatedLook } from './repeated-look.js';
import { judgeClock } from './steady-clock.js';

export interface RetentionParts extends PruneParts {
  readonly firstAnswers: FirstAnswers;
  readonly logger: Logger;
  readonly rule: RetentionRule;
}

export interface RetentionRule {
  /** Older entries go. */
  readonly days: number;
  /** When the database holds more than this, the oldest entries go although they are younger. */
  readonly bytes?: number | undefined;
}

export interface RetentionOptions {
  /** From one look to the next, ms. Default an hour. */
  readonly everyMs?: number;
  /** Rest after each step, ms, in which commits go first. Default 20. */
  readonly restMs?: number;
}

export interface RetentionOutcome {
  readonly pruned: number;
  /** Chains whose next old entry is kept, by what keeps it. */
  readonly held: Readonly<Partial<Record<Exclude<HeldBy, null>, number>>>;
}

const DAY_MS = 24 * 3_600_000;
/** However full the database is, this much stays: what a terminal may still send again is compared with it. */
export const LEAST_DAYS = 31;
/** With `bytes` the age is lowered by this much at a time, in no more slices than that (a stamp may say 1978). */
const SLICE_MS = 7 * DAY_MS;
const MOST_SLICES = 200;
const [FEWEST, FIRST, MOST] = [25, 100, 200];
/** A step that takes longer makes the next one smaller, ms. */
const STEP_MS = 10;

export class Retention {
  readonly #parts: RetentionParts;
  readonly #restMs: number;
  readonly #looks: RepeatedLook;
  #limit = FIRST;

  constructor(parts: RetentionParts, { everyMs = 3_600_000, restMs = 20 }: RetentionOptions = {}) {
    this.#parts = parts;
    this.#restMs = restMs;
    this.#looks = new RepeatedLook(() => this.#lookOnce(), { what: 'retention', logger: parts.logger, everyMs });
  }

  start(): void {
    this.#looks.start();
  }

  /** Ends with the step that is under way. */
  async stop(): Promise<void> {
    await this.#looks.stop();
  }

  /** Looks now; it never rejects. */
  look(): Promise<void> {
    return this.#looks.look();
  }

  /** Lets go of everything that may go now, whatever the clock's past was. */
  async prune(): Promise<RetentionOutcome> {
    const { clock, firstAnswers, rule, store } = this.#parts;
    while (!this.#looks.stopped && (await firstAnswers.prune(this.#limit)) > 0) await this.#rest();
    const nowMs = clock.wallMs();
    let outcome = await this.#pruneBefore(nowMs - rule.days * DAY_MS);
    const floorMs = nowMs - LEAST_DAYS * DAY_MS;
    let cutoffMs = await this.#oldestMs();
    const sliceMs = Math.max(SLICE_MS, (floorMs - cutoffMs) / MOST_SLICES);
    while (!this.#looks.stopped && cutoffMs < floorMs && (await this.#isOverBytes())) {
      cutoffMs = Math.min(floorMs, cutoffMs + sliceMs);
      const more = await this.#pruneBefore(cutoffMs);
      outcome = { pruned: outcome.pruned + more.pruned, held: more.held };
    }
    if (outcome.pruned > 0) {
      const space = await databaseSpace(store.db);
      this.#parts.logger.info({ ...outcome, ...space }, 'entries past their retention let go');
    }
    return outcome;
  }

  async #lookOnce(): Promise<void> {
    const { store, clock, logger } = this.#parts;
    const before = await rememberedClock(store.db, 'retentionClock');
    const { steady, memory } = judgeClock(clock.wallMs(), before);
    await rememberClock(store.db, 'retentionClock', memory);
    if (steady) await this.prune();
    else if (memory.heldUntilMs !== before?.heldUntilMs)
      logger.info(
        { heldUntil: new Date(memory.heldUntilMs).toISOString() },
        'nothing goes until the clock has proved itself',
      );
  }

  async #pruneBefore(cutoffMs: number): Promise<RetentionOutcome> {
    const { store, clock } = this.#parts;
    const aged = await agedBy(store.db, cutoffMs, clock.wallMs());
    const epochs = await store.db.selectFrom('epoch').select('id').orderBy('id').execute();
    const held: Partial<Record<Exclude<HeldBy, null>, number>> = {};
    let pruned = 0;
    for (const { id } of epochs) {
      const one = await this.#pruneEpoch(id, aged);
      pruned += one.pruned;
      if (one.heldBy !== null) held[one.heldBy] = (held[one.heldBy] ?? 0) + 1;
    }
    return { pruned, held };
  }

  async #pruneEpoch(epochId: number, aged: Aged): Promise<{ pruned: number; heldBy: HeldBy }> {
    let pruned = 0;
    for (;;) {
      if (this.#looks.stopped) return { pruned, heldBy: null };
      const from = performance.now();
      const step = await pruneEpoch(this.#parts, epochId, aged, this.#limit);
      this.#pace(performance.now() - from);
      pruned += step.pruned;
      if (step.pruned === 0 || step.heldBy !== null) return { pruned, heldBy: step.heldBy };
      await this.#rest();
    }
  }

  #pace(tookMs: number): void {
    if (tookMs > STEP_MS) this.#limit = Math.max(FEWEST, Math.floor(this.#limit / 2));
    else if (tookMs < STEP_MS / 2) this.#limit = Math.min(MOST, this.#limit * 2);
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#restMs));
  }

  async #isOverBytes(): Promise<boolean> {
    const { bytes } = this.#parts.rule;
    if (bytes === undefined) return false;
    const { fileBytes, freeBytes } = await databaseSpace(this.#parts.store.db);
    return fileBytes - freeBytes > bytes;
  }

  async #oldestMs(): Promise<number> {
    const row = await this.#parts.store.db.selectFrom('entry').select('receivedAt').orderBy('id').executeTakeFirst();
    return row?.receivedAt ?? Infinity;
  }
}
