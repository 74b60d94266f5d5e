/**
 * The rule by which evaluator data goes (R11, I7): the centre has the rating, or the days are over and there is
 * nothing for it to have; no work order is open; and the retention, counted from the service, is over.
 */
import type { Store, Trx } from '../store/store.js';
import { eraseServices } from './erase.js';

/** Whether something of a service is still to be talked about with the one who was served. Asked within a transaction. */
export type HasOpenWorkOrder = (serviceId: string, trx: Trx) => Promise<boolean>;

/** Where a walk over the kept rows stands. */
export interface Place {
  readonly sealedAt: number;
  readonly serviceId: string;
}

export interface SettledStep {
  readonly erased: number;
  /** From where the next step goes on; `null` at the end. */
  readonly next: Place | null;
}

/** Erases what is settled among the next rows that were sealed by `cutoffMs`, the oldest first, in one transaction. */
export function eraseSettled(
  store: Store,
  hasOpenWorkOrder: HasOpenWorkOrder,
  { cutoffMs, nowMs }: { readonly cutoffMs: number; readonly nowMs: number },
  after: Place | null,
  limit: number,
): Promise<SettledStep> {
  return store.db.transaction().execute(async (trx) => {
    const rows = await candidates(trx, cutoffMs, after, limit);
    const settled: string[] = [];
    for (const row of rows) {
      const isOver = (row.daysFrom ?? row.requestedAt ?? row.sealedAt) <= cutoffMs;
      if (isOver && isDone(row) && !(await hasOpenWorkOrder(row.serviceId, trx))) settled.push(row.serviceId);
    }
    const erased = await eraseServices(trx, store, settled, 'settled', nowMs);
    const last = rows.at(-1);
    return { erased: erased.length, next: rows.length < limit || last === undefined ? null : last };
  });
}

type Candidate = Awaited<ReturnType<typeof candidates>>[number];

function candidates(trx: Trx, cutoffMs: number, after: Place | null, limit: number) {
  return trx
    .selectFrom('evaluator')
    .leftJoin('service', 'service.serviceId', 'evaluator.serviceId')
    .leftJoin('forward', 'forward.ratingId', 'service.ratingId')
    .select([
      'evaluator.serviceId',
      'sealedAt',
      'service.state',
      'service.ratingId',
      'daysFrom',
      'requestedAt',
      'expiredAt',
      'takenBackAt',
      'forward.state as forwarded',
    ])
    .where('erasedAt', 'is', null)
    .where('sealedAt', '<=', cutoffMs)
    .$if(after !== null, (query) =>
      query.where((e) =>
        e.or([
          e('sealedAt', '>', after?.sealedAt ?? 0),
          e.and([e('sealedAt', '=', after?.sealedAt ?? 0), e('evaluator.serviceId', '>', after?.serviceId ?? '')]),
        ]),
      ),
    )
    .orderBy('sealedAt')
    .orderBy('evaluator.serviceId')
    .limit(limit)
    .execute();
}

function isDone({ state, ratingId, expiredAt, takenBackAt, forwarded }: Candidate): boolean {
  if (ratingId !== null) return forwarded === 'delivered';
  // A service that is not there, was never opened at its terminal or was taken back has nothing to deliver.
  return state === null || state === 'requested' || takenBackAt !== null || expiredAt !== null;
}
