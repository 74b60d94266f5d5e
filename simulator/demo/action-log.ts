/**
 * What was done to the hall by the page or by scripts, as steps of a scenario. It holds levels, as the simulator's
 * truth does: it says what was pressed, so that it can be pressed again.
 */

/** One step, e.g. `{ press: { terminal: 1, level: 4 } }` or `{ kill: 'gateway' }`. */
export type ScenarioStep = Readonly<Record<string, unknown>>;
/** `atMs`: when it was begun, ms since the demo's start. */
export type Action = { readonly atMs: number } & Readonly<Record<string, unknown>>;

/** An afternoon of clicking; of more the oldest go. */
const MOST_ACTIONS = 5_000;

export class ActionLog {
  readonly #now: () => number;
  readonly #startedMs: number;
  #actions: Action[] = [];
  #dropped = 0;
  #listener: () => void = () => undefined;

  /** @param now ms on any steady clock. */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedMs = now();
  }

  /** Told at each step that was done. */
  onAction(listener: () => void): void {
    this.#listener = listener;
  }

  /**
   * Something is being done.
   * @returns what takes its step once it was done; what was refused is none.
   */
  begin(): (step: ScenarioStep) => void {
    const atMs = Math.round(this.#now() - this.#startedMs);
    return (step) => {
      // What takes long may be told after what was begun later.
      const later = this.#actions.findLastIndex((action) => action.atMs <= atMs) + 1;
      this.#actions.splice(later, 0, { atMs, ...step });
      if (this.#actions.length > MOST_ACTIONS) {
        this.#actions.shift();
        this.#dropped += 1;
      }
      this.#listener();
    };
  }

  /** Oldest first. */
  get all(): readonly Action[] {
    return this.#actions;
  }

  /** How many of the oldest are not there any more. */
  get dropped(): number {
    return this.#dropped;
  }

  clear(): void {
    this.#actions = [];
    this.#dropped = 0;
  }
}
