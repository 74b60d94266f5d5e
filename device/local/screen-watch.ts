/** Whether the citizen's screen is there: it is while a page follows the terminal, or did a moment ago. */
import type { LinkState } from '../../hw/ports/counter-board.js';
import type { PartFaults } from '../log/part-faults.js';
import type { Timers } from '../timers.js';

/** A page that loads again is away for a second or two; that is no fault. */
const GRACE_MS = 5_000;

export interface ScreenWatchParts {
  readonly faults: Pick<PartFaults, 'tell'>;
  readonly timers: Timers;
}

export class ScreenWatch {
  readonly #parts: ScreenWatchParts;
  readonly #listeners = new Set<() => void>();
  #link: LinkState = 'lost';
  #cancelGrace: (() => void) | null = null;

  constructor(parts: ScreenWatchParts) {
    this.#parts = parts;
  }

  /**
   * `lost` until the first page came. That is no entry in the log: nothing went, and a terminal that starts is
   * always a moment before its page. Health and the self-check tell of it.
   */
  get link(): LinkState {
    return this.#link;
  }

  /** Hears when it came or went. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** How many pages follow now. */
  followers(total: number): void {
    if (total > 0) {
      this.stop();
      this.#become('connected');
    } else if (this.#link === 'connected' && this.#cancelGrace === null) {
      this.#cancelGrace = this.#parts.timers.after(GRACE_MS, () => {
        this.#cancelGrace = null;
        this.#become('lost');
      });
    }
  }

  stop(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = null;
  }

  #become(link: 'connected' | 'lost'): void {
    if (link === this.#link) return;
    this.#link = link;
    this.#parts.faults.tell('screen', link, link === 'lost' ? 'screen-lost' : undefined);
    for (const listener of this.#listeners) listener();
  }
}
