/** The paper that came out: slips from cut to cut, the newest kept. */
import type { Band, Slip } from './slip.js';

const KEPT_SLIPS = 50;

export class PaperRoll {
  readonly #now: () => number;
  #cutOff: Slip[] = [];
  /** The slip that hangs out of the printer. */
  #open: { readonly n: number; readonly at: number; readonly bands: Band[] } | undefined;
  /** As it was last looked at: copied once a look, not once a band. */
  #openSeen: Slip | undefined;
  /** Blank paper after a cut belongs to the next slip, and is none before something stands on it. */
  #blank: Band[] = [];
  #total = 0;

  /** @param now ms since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Oldest first. A slip that is given out never changes; when more is printed on it, there is another. */
  get slips(): readonly Slip[] {
    if (!this.#open) return this.#cutOff;
    this.#openSeen ??= { ...this.#open, bands: [...this.#open.bands], complete: false };
    return [...this.#cutOff, this.#openSeen].slice(-KEPT_SLIPS);
  }

  get newest(): Slip | undefined {
    return this.slips.at(-1);
  }

  slip(n: number): Slip | undefined {
    return this.slips.find((slip) => slip.n === n);
  }

  add(band: Band): void {
    this.#openSeen = undefined;
    if (this.#open) {
      this.#open.bands.push(band);
      if (band.kind !== 'cut') return;
      this.#cutOff = [...this.#cutOff, { ...this.#open, complete: true }].slice(-KEPT_SLIPS);
      this.#open = undefined;
    } else if (band.kind === 'cut') {
      this.#blank = [];
    } else if (band.kind === 'feed' || (band.kind === 'line' && band.items.length === 0)) {
      this.#blank.push(band);
    } else {
      this.#open = { n: ++this.#total, at: this.#now(), bands: [...this.#blank, band] };
      this.#blank = [];
    }
  }
}
