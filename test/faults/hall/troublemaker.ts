/** Makes trouble for messages between terminals and gateway, a given number of times. */
import type { Letter, Trouble } from './post.js';

export const TROUBLES = [
  'dropped',
  'doubled',
  'held back past later ones',
  'delayed past the time to send again',
  'stale ack',
  'old batch again',
] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** Of messages that may meet trouble, so many do. */
const SHARE = 0.5;
const HELD_BACK_MS = { from: 2, to: 40 };
/** Terminals of a small hall send again after 60 ms at the earliest. */
const DELAYED_MS = { from: 60, to: 400 };
const REMEMBERED = 200;

export interface TroublemakerOptions {
  readonly random: () => number;
  readonly faults: number;
}

export class Troublemaker {
  readonly injected: Record<string, number> = {};
  readonly #options: TroublemakerOptions;
  readonly #past = new Map<string, Letter[]>();
  #left: number;

  constructor(options: TroublemakerOptions) {
    this.#options = options;
    this.#left = options.faults;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  /** Faults that are still to come. */
  get left(): number {
    return this.#left;
  }

  readonly trouble: Trouble = (letter) => {
    const asItIs = [{ letter, afterMs: 0 }];
    if (letter.channel !== 'log' && letter.channel !== 'ack' && letter.channel !== 'state') return asItIs;
    const past = this.#remember(letter);
    if (this.done || this.#options.random() >= SHARE) return asItIs;
    const kind = this.#kindFor(letter, past);
    this.#left -= 1;
    this.injected[kind] = (this.injected[kind] ?? 0) + 1;
    switch (kind) {
      case 'dropped':
        return [];
      case 'doubled':
        return [...asItIs, { letter, afterMs: this.#between({ from: 0, to: 20 }) }];
      case 'held back past later ones':
        return [{ letter, afterMs: this.#between(HELD_BACK_MS) }];
      case 'delayed past the time to send again':
        return [{ letter, afterMs: this.#between(DELAYED_MS) }];
      case 'stale ack':
      case 'old batch again': {
        const old = past[Math.floor(this.#options.random() * past.length)];
        return old === undefined ? asItIs : [...asItIs, { letter: old, afterMs: this.#between({ from: 0, to: 20 }) }];
      }
    }
  };

  #kindFor({ channel }: Letter, past: readonly Letter[]): TroubleKind {
    const possible = TROUBLES.filter((kind) => {
      if (kind === 'stale ack') return channel === 'ack' && past.length > 0;
      if (kind === 'old batch again') return channel === 'log' && past.length > 0;
      return true;
    });
    return possible[Math.floor(this.#options.random() * possible.length)] ?? 'dropped';
  }

  /** @returns what this terminal was told, or has said, on this channel before. */
  #remember(letter: Letter): readonly Letter[] {
    const key = `${letter.terminal} ${letter.channel}`;
    const past = this.#past.get(key) ?? [];
    this.#past.set(key, [...past.slice(-REMEMBERED), letter]);
    return past;
  }

  #between({ from, to }: { from: number; to: number }): number {
    return Math.round(from + this.#options.random() * (to - from));
  }
}
