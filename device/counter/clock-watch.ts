/** Sees the wall clock step against the clock since boot, and records it (`clock.step`). */
import type { Clock } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { SessionLog } from '../log/session-log.js';
import type { Timers } from '../timers.js';

const LOOK_EVERY_MS = 5_000;
/** A difference up to this is the slewing of a time daemon, or a busy machine. */
const STEP_MS = 2_000;

export class ClockWatch {
  readonly #clock: Clock;
  readonly #log: Pick<SessionLog, 'append'>;
  readonly #timers: Timers;
  readonly #unwritten: RepeatedFault;
  #seen: { wallMs: number; monoMs: number } | undefined;
  #cancelLook: () => void = () => undefined;

  constructor(parts: { clock: Clock; log: Pick<SessionLog, 'append'>; timers: Timers; logger: Logger }) {
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#timers = parts.timers;
    this.#unwritten = new RepeatedFault(parts.logger, 'a step of the clock could not be recorded');
  }

  start(): void {
    this.#seen = { wallMs: this.#clock.wallMs(), monoMs: this.#clock.monoMs() };
    this.#cancelLook = this.#timers.after(LOOK_EVERY_MS, () => this.#look());
  }

  stop(): void {
    this.#cancelLook();
    this.#seen = undefined;
  }

  #look(): void {
    const now = { wallMs: this.#clock.wallMs(), monoMs: this.#clock.monoMs() };
    const seen = this.#seen ?? now;
    const expectedMs = seen.wallMs + (now.monoMs - seen.monoMs);
    if (Math.abs(now.wallMs - expectedMs) <= STEP_MS || this.#recorded(expectedMs, now.wallMs)) this.#seen = now;
    this.#cancelLook = this.#timers.after(LOOK_EVERY_MS, () => this.#look());
  }

  /** Whether the log has it; if not, the next look finds the same step again. */
  #recorded(fromMs: number, toMs: number): boolean {
    try {
      this.#log.append([{ kind: 'clock.step', body: { fromMs: Math.max(0, fromMs), toMs: Math.max(0, toMs) } }]);
      this.#unwritten.clear();
      return true;
    } catch (error) {
      this.#unwritten.report(error);
      return false;
    }
  }
}
