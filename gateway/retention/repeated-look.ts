/** Work that is looked for again and again: one look at a time, and a fault ends none of those to come. */
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';

export interface RepeatedLookOptions {
  /** What it is, as a fault of it is logged. */
  readonly what: string;
  readonly logger: Logger;
  /** From one look to the next, ms. */
  readonly everyMs: number;
}

export class RepeatedLook {
  readonly #work: () => Promise<void>;
  readonly #everyMs: number;
  readonly #fault: RepeatedFault;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(work: () => Promise<void>, { what, logger, everyMs }: RepeatedLookOptions) {
    this.#work = work;
    this.#everyMs = everyMs;
    this.#fault = new RepeatedFault(logger, what);
  }

  /** Long work asks between its steps, and ends. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Looks from now on. @param options.atOnce whether the first look is now; else it is after the usual time. */
  start({ atOnce = true }: { readonly atOnce?: boolean } = {}): void {
    this.#stopped = false;
    this.#timer = setInterval(() => void this.look(), this.#everyMs);
    if (atOnce) void this.look();
  }

  /** Ends with the step that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  /** Looks now, or waits for the look that is under way. It never rejects: a fault is logged, and the next look tries again. */
  async look(): Promise<void> {
    if (this.#stopped) return;
    this.#working ??= this.#work()
      .then(() => this.#fault.clear())
      .catch((error: unknown) => this.#fault.report(error))
      .finally(() => {
        this.#working = undefined;
      });
    await this.#working;
  }
}
