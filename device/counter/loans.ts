/**
 * Keys and lamps on loan: a self-check has them while no service is open. The counter takes them back at once
 * when one opens, before the citizen is invited.
 */
import type { LampSignal } from '../../hw/ports/counter-board.js';
import type { Level } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';

/** Who hears of keys instead of the session. */
export interface Borrower {
  /** `touch`: it came by the screen's page, as the keys of a USB keypad do. */
  key(level: Level, via: 'key' | 'touch'): void;
  chord(): void;
  /** The counter took them back: a service opens in this moment, so there is no time for anything here. */
  ended(): void;
}

export interface Loan {
  /** Shows something on the lamps; `null`: what the counter shows there. Nothing once the loan has ended. */
  lamps(signal: LampSignal | null): void;
  /** Gives them back. */
  end(): void;
}

export class Loans {
  readonly #logger: Logger;
  readonly #lamps: (signal: LampSignal | null) => void;
  #borrower: Borrower | null = null;
  #signal: LampSignal | null = null;

  constructor(parts: { readonly logger: Logger; readonly lamps: (signal: LampSignal | null) => void }) {
    this.#logger = parts.logger;
    this.#lamps = parts.lamps;
  }

  /** `null` while they are lent already. */
  lend(borrower: Borrower): Loan | null {
    if (this.#borrower !== null) return null;
    this.#borrower = borrower;
    return {
      lamps: (signal) => {
        if (this.#borrower === borrower) this.#show(signal);
      },
      end: () => {
        if (this.#borrower !== borrower) return;
        this.#borrower = null;
        this.#show(null);
      },
    };
  }

  /** Whether the lamps show what the borrower wants. */
  get holdLamps(): boolean {
    return this.#signal !== null;
  }

  /** @returns whether the key was the borrower's. */
  key(level: Level, via: 'key' | 'touch'): boolean {
    return this.#tell((borrower) => borrower.key(level, via));
  }

  chord(): boolean {
    return this.#tell((borrower) => borrower.chord());
  }

  /** Takes everything back. The lamps are left to the counter, which is about to say something there. */
  end(): void {
    const borrower = this.#borrower;
    this.#borrower = null;
    this.#signal = null;
    if (borrower !== null) this.#call(() => borrower.ended());
  }

  #show(signal: LampSignal | null): void {
    if (signal === this.#signal) return;
    this.#signal = signal;
    this.#lamps(signal);
  }

  #tell(call: (borrower: Borrower) => void): boolean {
    const borrower = this.#borrower;
    if (borrower === null) return false;
    this.#call(() => call(borrower));
    return true;
  }

  /** Whoever borrows must not stop a rating. */
  #call(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#logger.error({ error }, 'a borrower of the keys failed');
    }
  }
}
