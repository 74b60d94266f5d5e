/** What the gateway's own `service.expired` means for its service: its days are over, and what it then counts as. */
import { PjqError, type EntryBody } from '../../protocol/index.js';
import type { Projection } from './projection.js';

/**
 * The first word of it stands for ever. A rating does not undo it, and is not looked at: when the entry was written
 * there was none, and one that comes later counts in its place, so that the order in which the two are read (a rebuild
 * may read them otherwise) changes nothing. Figures read the default only where no rating stands.
 * @throws PjqError `service-unknown`.
 */
export function projectExpiry(
  projection: Projection,
  nowMs: number,
  { serviceId, level }: EntryBody<'service.expired'>,
): void {
  const service = projection.service(serviceId);
  if (service === undefined) throw new PjqError('service-unknown', serviceId);
  if (service.expiredAt === null) projection.changeService(serviceId, { expiredAt: nowMs, defaultLevel: level });
}
