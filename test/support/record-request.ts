/** One request of the business system recorded by itself, as if its terminal had not been asked yet. */
import type { OpenRequest } from '../../gateway/core/open-request.js';
import { RequestedServices, type RequestParts, type ServiceRow } from '../../gateway/services/service-request.js';

export async function recordRequest(
  parts: Omit<RequestParts, 'commandValidMs'>,
  request: OpenRequest,
  serviceId: string,
  nowMs: number,
  commandValidMs: number,
): Promise<ServiceRow> {
  return parts.store.db.transaction().execute(async (trx) => {
    const services = new RequestedServices(trx, { ...parts, commandValidMs }, nowMs);
    const asked = { request, serviceId };
    await services.load([asked]);
    const row = await services.record(asked);
    await services.write();
    return row;
  });
}
