/**
 * Services of which only a receipt's code is known: their acts stand under a name of the code until a log tells of the
 * service, and are then taken anew under it, as if they had come for it. Pure.
 */
import { PjqError, type EntryBody } from '../../protocol/index.js';
import { isProvisionalId, provisionalServiceId } from '../core/provisional-id.js';
import { NO_LIMITS } from '../core/rating/judge-act.js';
import type { RatingTable } from '../store/schema.js';
import { refuseTerminal, serviceOf, type Placed, type Projecting, type ProjectRules, type Service } from './placed.js';
import type { Projection } from './projection.js';
import { serviceAsRateable, takeAct, type Rateable } from './take-act.js';

/** A code was used whose service no log has told of. */
export function projectProvisional(
  projection: Projection,
  _when: Projecting,
  { terminal: teller, entry }: Placed,
  { serviceId, terminal, reference, day }: EntryBody<'service.provisional'>,
): void {
  refuseTerminal(teller, 'service.provisional');
  if (serviceId !== provisionalServiceId({ terminal, reference })) throw new PjqError('meaning-malformed', serviceId);
  projection.provisionals.add({ serviceId, terminal, reference, day, at: entry.at });
}

/**
 * What an act is of that names a service to the gateway: that service, or the one that only a code is known of.
 * @throws PjqError `service-unknown`.
 */
export function rateableOf(projection: Projection, serviceId: string, rules: ProjectRules | undefined): Rateable {
  const provisional = projection.provisionals.get(serviceId);
  if (provisional?.resolvedTo !== null)
    return serviceAsRateable(serviceOf(projection, provisional?.resolvedTo ?? serviceId, ''), rules);
  const ratingId = projection.standingOf(serviceId);
  return { serviceId, ratingId, isCovered: false, isKnown: false, limits: NO_LIMITS };
}

/** A log has told of a service: what stood under its code's name is its own from now on. */
export function resolveProvisional(
  projection: Projection,
  { rules }: Pick<Projecting, 'rules'>,
  { serviceId, terminal, reference }: Pick<Service, 'serviceId' | 'terminal' | 'reference'>,
): void {
  const waiting = reference === null ? undefined : projection.provisionals.waitingFor(terminal, reference);
  if (waiting === undefined) return;
  projection.provisionals.resolve(waiting.serviceId, serviceId);
  for (const row of projection.takeOut(waiting.serviceId))
    takeAct(projection, { nowMs: row.at, rules }, rateableOf(projection, serviceId, rules), {
      ...byItsOwnTimes(row),
      serviceId,
    });
}

/** @throws PjqError `service-exists` for a name under which only the acts of a code may stand. */
export function refuseProvisional(serviceId: string): void {
  if (isProvisionalId(serviceId)) throw new PjqError('service-exists', serviceId);
}

/** An act as its entry has it: whose place it takes is judged anew. */
function byItsOwnTimes(row: RatingTable): RatingTable {
  const { at } = row;
  return { ...row, correctedLowMs: at, correctedHighMs: at, latestMs: at, orderedAs: null };
}
