/** What goes wrong with the board, told to the log: once a change, and never in the way of a rating. */
import type { KeyLevel, LinkState } from '../../hw/ports/counter-board.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Draft, SessionLog } from '../log/session-log.js';

export class BoardFaults {
  readonly #log: Pick<SessionLog, 'append'>;
  readonly #logger: Logger;
  readonly #unwritten: RepeatedFault;
  readonly #stuck = new Set<KeyLevel>();
  #link: LinkState | undefined;

  constructor(log: Pick<SessionLog, 'append'>, logger: Logger) {
    this.#log = log;
    this.#logger = logger;
    this.#unwritten = new RepeatedFault(logger, 'a fault of the board could not be recorded');
  }

  get keys(): LinkState {
    return this.#stuck.size === 0 ? 'connected' : 'degraded';
  }

  link(state: LinkState, reason: string): void {
    if (state === this.#link) return;
    this.#link = state;
    this.#logger.info({ part: 'board', state, reason }, 'board link changed');
    this.#record({
      kind: 'fault',
      body: { part: 'board', state, ...(state === 'lost' ? { code: 'board-lost' } : {}) },
    });
  }

  /** Which key it is stays here: it was a citizen's finger, perhaps, that held it (I6). */
  stuck(key: KeyLevel): void {
    const before = this.keys;
    this.#stuck.add(key);
    if (before === this.keys) return;
    this.#logger.warn({ part: 'keys', code: 'key-stuck' }, 'a key is held down without end');
    this.#record({ kind: 'fault', body: { part: 'keys', state: 'degraded', code: 'key-stuck' } });
  }

  freed(key: KeyLevel): void {
    if (!this.#stuck.delete(key) || this.#stuck.size > 0) return;
    this.#record({ kind: 'fault', body: { part: 'keys', state: 'connected' } });
  }

  #record(draft: Draft): void {
    try {
      this.#log.append([draft]);
      this.#unwritten.clear();
    } catch (error) {
      this.#unwritten.report(error);
    }
  }
}
