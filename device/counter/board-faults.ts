/** What goes wrong with the board: told to the log once a change, and never in the way of a rating. */
import type { KeyLevel, LinkState } from '../../hw/ports/counter-board.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import type { PartFaults } from '../log/part-faults.js';

export class BoardFaults {
  readonly #faults: PartFaults;
  readonly #logger: Logger;
  readonly #stuck = new Set<KeyLevel>();
  #link: LinkState | undefined;

  constructor(faults: PartFaults, logger: Logger) {
    this.#faults = faults;
    this.#logger = logger;
  }

  get keys(): LinkState {
    return this.#stuck.size === 0 ? 'connected' : 'degraded';
  }

  link(state: LinkState, reason: string): void {
    if (state === this.#link) return;
    this.#link = state;
    this.#logger.info({ part: 'board', state, reason }, 'board link changed');
    this.#faults.tell('board', state, state === 'lost' ? 'board-lost' : undefined);
  }

  /** Which key it is stays here: it was a citizen's finger, perhaps, that held it (I6). */
  stuck(key: KeyLevel): void {
    const before = this.keys;
    this.#stuck.add(key);
    if (before === this.keys) return;
    this.#logger.warn({ part: 'keys', code: 'key-stuck' }, 'a key is held down without end');
    this.#faults.tell('keys', 'degraded', 'key-stuck');
  }

  freed(key: KeyLevel): void {
    if (!this.#stuck.delete(key) || this.#stuck.size > 0) return;
    this.#faults.tell('keys', 'connected');
  }
}
