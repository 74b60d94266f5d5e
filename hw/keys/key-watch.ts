/** The key scanner with its timer: edges in, presses out. Every driver of keys has one, so that all presses are alike. */
import type { CounterBoardEvents, KeyLevel } from '../ports/counter-board.js';
import {
  initialScannerState,
  transition,
  type ScannerEffect,
  type ScannerInput,
  type ScannerSettings,
  type ScannerState,
} from './key-scanner.js';

export interface KeyWatchParts {
  readonly settings: ScannerSettings;
  /** The caller's monotonic clock, ms. */
  readonly monoMs: () => number;
  /** Keys count from now on. */
  readonly armed: () => void;
  /** Where presses go; `undefined`: nobody hears them any more. */
  readonly events: () => Pick<CounterBoardEvents, 'press' | 'chord' | 'stuck' | 'freed'> | undefined;
}

export class KeyWatch {
  readonly #parts: KeyWatchParts;
  #scanner: ScannerState;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: KeyWatchParts) {
    this.#parts = parts;
    this.#scanner = initialScannerState(parts.settings);
  }

  /** The keys can be read from now on; those of `down` are held. They count when all have been up for a while. */
  began(down: readonly KeyLevel[]): void {
    this.#take({ kind: 'began', nowMs: this.#parts.monoMs(), down });
  }

  /** The keys cannot be read any more. */
  lost(): void {
    this.#take({ kind: 'lost', nowMs: this.#parts.monoMs() });
  }

  /** A key moved. `seenMs`: when the contact moved, on the same clock; now, where nobody knows better. */
  edge(key: KeyLevel, down: boolean, seenMs?: number): void {
    const nowMs = this.#parts.monoMs();
    this.#take({ kind: 'edge', nowMs, key, down, seenMs: seenMs ?? nowMs });
  }

  /**
   * A contact was seen to close or open, ahead of all debouncing; `edge` tells what comes of it. A driver that can see
   * it saves the citizen a wait: the chord window then passes while the contact is debounced. Repeating is harmless.
   */
  contact(key: KeyLevel, closed: boolean): void {
    this.#take({ kind: 'contact', nowMs: this.#parts.monoMs(), key, closed });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #take(input: ScannerInput): void {
    const { state, effects, nextDeadlineMs } = transition(this.#scanner, input);
    this.#scanner = state;
    clearTimeout(this.#timer);
    if (nextDeadlineMs !== undefined && this.#parts.events() !== undefined) {
      const waitMs = Math.max(0, Math.ceil(nextDeadlineMs - this.#parts.monoMs()));
      this.#timer = setTimeout(() => this.#take({ kind: 'time', nowMs: this.#parts.monoMs() }), waitMs);
    }
    for (const effect of effects) this.#tell(effect);
  }

  #tell(effect: ScannerEffect): void {
    if (effect.kind === 'armed') return this.#parts.armed();
    const events = this.#parts.events();
    if (effect.kind === 'press') events?.press(effect.key, effect.seenMs);
    else if (effect.kind === 'chord') events?.chord();
    else events?.[effect.kind](effect.key);
  }
}
