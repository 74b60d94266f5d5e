/**
 * Commit C: what the centre answered, written with the entries of the gateway's own log that say so. Answers that
 * come while a commit is under way share the next one, so that a backlog on its way to the centre does not ask the
 * disk once a rating.
 */
import type { Clock } from '../../protocol/index.js';
import type { CentreOutcome } from '../centre/centre-port.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Store } from '../store/store.js';

/** An answer that ends a rating's way. */
export interface Settlement {
  readonly ratingId: string;
  readonly serviceId: string;
  /** The rating that it took the place of, if any. */
  readonly corrects?: string | undefined;
  readonly outcome: Exclude<CentreOutcome, { kind: 'retry' }>;
}

interface Waiting {
  readonly settlement: Settlement;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Answers in one transaction: a few ms of the hall's database. */
const GROUP = 32;

export class Settlements {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #working = false;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Resolves after commit C of this answer; rejects when it does not stand. */
  settle(settlement: Settlement): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    // A commit runs through without another turn: whoever is answered in this turn of the sockets comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#take(this.#waiting.splice(0, GROUP));
    this.#working = false;
  }

  async #take(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#commit(group.map(({ settlement }) => settlement));
      for (const { resolve } of group) resolve();
    } catch (error) {
      // One of them may be what fails: the others must not suffer from it.
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.#take([one]);
    }
  }

  async #commit(group: readonly Settlement[]): Promise<void> {
    await this.#store.db.transaction().execute(async (trx) => {
      const nowMs = this.#clock.wallMs();
      for (const { ratingId, serviceId, outcome } of group) {
        const code = codeOf(outcome);
        await trx
          .updateTable('forward')
          .set({
            state: code === null ? 'delivered' : outcome.kind,
            claimedUntil: 0,
            lastCode: code,
            deliveredAt: code === null ? nowMs : null,
          })
          .where('ratingId', '=', ratingId)
          .execute();
        if (code !== null) await raiseAlarm(trx, { code, subject: serviceId, detail: `rating ${ratingId}`, at: nowMs });
      }
      await this.#store.own.appendAll(
        trx,
        'centre.answered',
        group.map(({ ratingId, corrects, outcome }) => ({
          ratingId,
          outcome: outcome.kind,
          ...(corrects !== undefined && codeOf(outcome) === null ? { corrects } : {}),
          ...(outcome.kind === 'refused' ? { code: outcome.code.slice(0, 60) } : {}),
        })),
      );
    });
  }
}

/** The code of a no; `null` for a yes. */
export function codeOf(outcome: Settlement['outcome']): 'centre-conflict' | 'centre-refused' | null {
  if (outcome.kind === 'conflict') return 'centre-conflict';
  return outcome.kind === 'refused' ? 'centre-refused' : null;
}
