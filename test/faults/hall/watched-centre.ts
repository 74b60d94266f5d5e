/** Watches a gateway's deliveries: whether it comes again before the time that the centre asked for. */
import type { Centre, CentreOutcome } from '../../../gateway/centre/centre-port.js';

/** Timers of this process may fire so much early. */
const TIMER_MS = 2;

export class WatchedCentre {
  /** Ratings that came again too early, in words. */
  readonly early: string[] = [];
  readonly outcomes: Partial<Record<CentreOutcome['kind'], number>> = {};
  readonly #notBefore = new Map<string, number>();

  over(centre: Centre): Centre {
    return {
      deliver: async (rating, key, signal) => {
        const nowMs = Date.now();
        const notBeforeMs = this.#notBefore.get(key);
        if (notBeforeMs !== undefined && nowMs < notBeforeMs - TIMER_MS)
          this.early.push(
            `${rating.serviceId} came ${notBeforeMs - nowMs} ms before the time that the centre had asked for`,
          );
        const outcome = await centre.deliver(rating, key, signal);
        this.#notBefore.delete(key);
        if (outcome.kind === 'retry' && outcome.retryAfterMs !== undefined)
          this.#notBefore.set(key, Date.now() + outcome.retryAfterMs);
        this.outcomes[outcome.kind] = (this.outcomes[outcome.kind] ?? 0) + 1;
        return outcome;
      },
    };
  }
}
