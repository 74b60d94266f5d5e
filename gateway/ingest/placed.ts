/** What a projector is given: an entry that was read, the moment, the rules of the hall; and the service it speaks of. */
import { PjqError, type Entry, type EntryBody, type EntryKind, type Policy, type Suite } from '../../protocol/index.js';
import type { ServiceTable } from '../store/schema.js';
import type { Projection } from './projection.js';

/** An entry that was read, and its row. `terminal` is empty where the gateway itself speaks. */
export interface Placed<K extends EntryKind = EntryKind> {
  readonly entry: Entry;
  readonly body: EntryBody<K>;
  readonly kind: K;
  readonly entryId: number;
  readonly terminal: string;
}

/** What of a policy decides which act of rating counts, and when it is forwarded. */
export type ProjectRules = Pick<Policy, 'timeZone' | 'ratingWindowDays' | 'stages' | 'offSiteHoldHours' | 'later'>;

export interface Projecting {
  /** When the entries arrived. */
  readonly nowMs: number;
  /** Where they are not known, no act is too late and every stage opens a rating. */
  readonly rules: ProjectRules | undefined;
  readonly suite: Suite;
}

export type Projector<K extends EntryKind> = (
  projection: Projection,
  when: Projecting,
  placed: Placed,
  body: EntryBody<K>,
) => void;

export type Service = Readonly<ServiceTable>;

/**
 * The service that an entry speaks of. A terminal speaks of its own only; the gateway (no terminal) of any.
 * @throws PjqError `service-unknown`, `wrong-terminal`.
 */
export function serviceOf(projection: Projection, serviceId: string, terminal: string): Service {
  const row = projection.service(serviceId);
  if (row === undefined) throw new PjqError('service-unknown', serviceId);
  if (terminal !== '' && row.terminal !== terminal) throw new PjqError('wrong-terminal', serviceId);
  return row;
}

/** @throws PjqError `wrong-terminal` where a terminal says what only the gateway can say. */
export function refuseTerminal(terminal: string, kind: EntryKind): void {
  if (terminal !== '') throw new PjqError('wrong-terminal', kind);
}
