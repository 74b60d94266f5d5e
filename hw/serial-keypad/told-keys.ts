/**
 * From what a box tells of its keys to keys that are down and up: frames told again while a key is held, keys that
 * are never told up, and frames that count only when told more than once.
 */
import type { KeyLevel } from '../ports/counter-board.js';
import type { SerialKeypadProfile } from '../profiles/serial-keypad-profile.js';

interface ToldKey {
  readonly times: number;
  readonly held: NodeJS.Timeout | undefined;
}

export class ToldKeys {
  readonly #profile: Pick<SerialKeypadProfile, 'holdMs' | 'confirmFrames'>;
  readonly #edge: (key: KeyLevel, down: boolean) => void;
  readonly #told = new Map<KeyLevel, ToldKey>();

  constructor(
    profile: Pick<SerialKeypadProfile, 'holdMs' | 'confirmFrames'>,
    edge: (key: KeyLevel, down: boolean) => void,
  ) {
    this.#profile = profile;
    this.#edge = edge;
  }

  /** The keys that count as down. */
  get down(): readonly KeyLevel[] {
    return [...this.#told].filter(([, { times }]) => times >= this.#profile.confirmFrames).map(([key]) => key);
  }

  /** The box told a key down or up. */
  hear(key: KeyLevel, down: boolean): void {
    if (!down) return this.#up(key);
    const before = this.#told.get(key);
    clearTimeout(before?.held);
    const { holdMs, confirmFrames } = this.#profile;
    const held = holdMs === null ? undefined : setTimeout(() => this.#up(key), holdMs);
    const times = (before?.times ?? 0) + 1;
    this.#told.set(key, { times, held });
    if (times === confirmFrames) this.#edge(key, true);
  }

  /** Noise: what is not confirmed yet must be told anew. */
  doubt(): void {
    const down = this.down;
    for (const [key, { held }] of this.#told) {
      if (down.includes(key)) continue;
      clearTimeout(held);
      this.#told.delete(key);
    }
  }

  /** All keys count as up, and no edge comes of it. */
  forget(): void {
    for (const { held } of this.#told.values()) clearTimeout(held);
    this.#told.clear();
  }

  #up(key: KeyLevel): void {
    const before = this.#told.get(key);
    clearTimeout(before?.held);
    this.#told.delete(key);
    if (before !== undefined && before.times >= this.#profile.confirmFrames) this.#edge(key, false);
  }
}
