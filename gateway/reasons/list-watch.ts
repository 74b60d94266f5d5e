/** Looks whether another list of reasons was adopted meanwhile (`pjq reason-list use`), so that terminals obey it without a restart. */
import { NATIONAL_LIST, type ReasonList } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { RepeatedLook } from '../retention/repeated-look.js';
import type { Db } from '../store/store.js';
import { listInForce } from './reason-lists.js';

const LOOK_MS = 2_000;

export interface ListWatchParts {
  readonly db: Db;
  readonly logger: Logger;
  /** Tells every terminal what the hall asks of it now. */
  readonly publish: () => Promise<void>;
  /** Default 2000. */
  readonly everyMs?: number;
}

export class ListWatch {
  readonly #parts: ListWatchParts;
  readonly #look: RepeatedLook;
  #shown: ReasonList | undefined;

  constructor(parts: ListWatchParts) {
    this.#parts = parts;
    const { logger, everyMs = LOOK_MS } = parts;
    this.#look = new RepeatedLook(() => this.#compare(), { what: 'list of reasons', logger, everyMs });
  }

  /** What pages show: the list that was in force at the last look. */
  get shown(): ReasonList {
    return this.#shown ?? NATIONAL_LIST;
  }

  start(): void {
    this.#look.start();
  }

  async stop(): Promise<void> {
    await this.#look.stop();
  }

  async #compare(): Promise<void> {
    const { db, logger, publish } = this.#parts;
    const list = await listInForce(db);
    // At a start each terminal is told when it says that it is there.
    if (this.#shown !== undefined && this.#shown.id !== list.id) {
      await publish();
      logger.info({ list: list.id }, 'another list of reasons is shown from now on');
    }
    this.#shown = list;
  }
}
