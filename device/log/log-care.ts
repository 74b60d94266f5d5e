/**
 * Keeps the log within its bounds and on its feet: retention, the ballast, and what is told when the disk fails.
 *
 * **What is kept.** An entry goes only when the gateway has acknowledged it, and then
 * - when it is older than the hall's `retentionDays` (400 by default) and the wall clock is known to be right, or
 * - when the log holds more than `maxEntries` (2,000,000) or more than `maxBytes` (1 GB) of its file, whichever is
 *   met first: a terminal that writes less than that keeps all its days, one that writes more keeps so many, or
 * - when the disk is full: then the oldest go until `FREED_BYTES` of the file can be filled again, since the hall has
 *   them and the next rating has no other place.
 * What is not acknowledged stays whatever happens. Services are looked up for `SERVICE_DAYS` after they ended; that is
 * a projection and loses no entry. The file itself never gets shorter: freed pages are filled again (no VACUUM).
 *
 * **How.** At most `STEP` entries a step and one step a turn, so that a press waits for one step; by age a step is
 * taken only when it is whole, since each leaves a `checkpoint` entry.
 */
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Clock, ClockState } from '../../protocol/index.js';
import type { Timers } from '../timers.js';
import type { Ballast } from './ballast.js';
import type { DiskFault } from './disk-fault.js';
import type { PartFaults } from './part-faults.js';
import type { TerminalLog } from './terminal-log.js';

export const STEP = 100;
/** Services a step: their rows stand anywhere in the file, a page each. */
const SERVICES = 20;
const REST_MS = 60_000;
/** Between two steps while there is more to do. */
const BUSY_MS = 250;
/** Between two looks while the disk takes nothing. */
const TROUBLE_MS = 5_000;
/** Services are looked up by id when a command names them again, or a slip is asked for once more. */
const SERVICE_DAYS = 60;
const DAY_MS = 86_400_000;
const EVER = Number.MAX_SAFE_INTEGER;
/** What is let go of a full disk: room for some 20,000 entries. */
const FREED_BYTES = 8 * 1024 * 1024;

export interface LogLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

export interface LogCareParts {
  readonly log: Pick<TerminalLog, 'prune' | 'forgetServices' | 'extent' | 'writeMeta'>;
  readonly ballast: Pick<Ballast, 'there' | 'make'>;
  readonly limits: LogLimits;
  /** The hall's, asked anew each time. */
  readonly retentionDays: () => number;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly clockState: () => ClockState;
  readonly faults: Pick<PartFaults, 'tell'>;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Room to be freed when the disk is full; for tests on a small disk. */
  readonly freedBytes?: number;
}

export class LogCare {
  readonly #parts: LogCareParts;
  readonly #fault: RepeatedFault;
  #link: 'connected' | 'degraded' = 'connected';
  #cancel: () => void = () => undefined;
  #running = false;

  constructor(parts: LogCareParts) {
    this.#parts = parts;
    this.#fault = new RepeatedFault(parts.logger, 'the log cannot be kept in order');
  }

  start(): void {
    this.#running = true;
    void this.#parts.ballast.make();
    this.#after(this.#link === 'degraded' ? 0 : REST_MS);
  }

  stop(): void {
    this.#running = false;
    this.#cancel();
  }

  /** `degraded`: the disk took nothing when it was last asked, or lives on the room that was kept back. */
  get link(): 'connected' | 'degraded' {
    return this.#link;
  }

  /** The disk took nothing, or took it only because room was given up. What is to be done is done in a moment. */
  heard(fault: DiskFault): void {
    const before = this.#link;
    this.#link = 'degraded';
    if (before !== 'degraded') this.#parts.logger.warn({ code: CODE[fault] }, 'the disk of the log fails');
    if (this.#running) this.#after(0, fault);
  }

  #after(delayMs: number, fault: DiskFault | null = null): void {
    this.#cancel();
    this.#cancel = this.#parts.timers.after(delayMs, () => void this.#turn(fault));
  }

  async #turn(fault: DiskFault | null): Promise<void> {
    let delayMs = REST_MS;
    try {
      if (fault !== null) this.#parts.faults.tell('log', 'degraded', CODE[fault]);
      if (this.#step()) delayMs = BUSY_MS;
      if (this.#link === 'degraded') {
        // Whether it takes anything is asked, not guessed.
        this.#parts.log.writeMeta('asked', String(this.#parts.clock.wallMs()));
        await this.#recover();
        delayMs = Math.min(delayMs, TROUBLE_MS);
      }
      this.#fault.clear();
    } catch (error) {
      this.#fault.report(error);
      delayMs = TROUBLE_MS;
    }
    if (this.#running) this.#after(delayMs);
  }

  /** @returns whether there may be more to do. @throws PjqError, SqliteError when the disk takes nothing. */
  #step(): boolean {
    const { log, limits, retentionDays, clock, clockState, freedBytes = FREED_BYTES } = this.#parts;
    const { entries, usedBytes, freeBytes } = log.extent();
    const cramped = this.#link === 'degraded' && !this.#parts.ballast.there && freeBytes < freedBytes;
    if (cramped || entries > limits.maxEntries || usedBytes > limits.maxBytes) return log.prune(EVER, STEP) > 0;
    if (clockState() !== 'synced') return false;
    const nowMs = clock.wallMs();
    const pruned = log.prune(nowMs - retentionDays() * DAY_MS, STEP, STEP);
    const forgotten = pruned > 0 ? 0 : log.forgetServices(nowMs - SERVICE_DAYS * DAY_MS, SERVICES);
    return pruned > 0 || forgotten === SERVICES;
  }

  /** All is well once the disk takes what is written and has room for the ballast again. */
  async #recover(): Promise<void> {
    const { ballast, faults } = this.#parts;
    if (!(await ballast.make()) || !this.#running) return;
    this.#link = 'connected';
    faults.tell('log', 'connected');
    this.#parts.logger.info({}, 'the disk of the log has room again');
  }
}

const CODE = { full: 'log-full', failing: 'log-write-failed' } as const;
