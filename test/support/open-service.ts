/** Opens a service at the desk as the HTTP edge does; a refusal is thrown, and its key is let go. */
import type { OpenRequest } from '../../gateway/core/open-request.js';
import type { ServiceDesk } from '../../gateway/services/service-desk.js';

export async function openService(desk: ServiceDesk, request: OpenRequest, key: string): Promise<void> {
  const wording = {
    opened: (service: unknown) => ({ status: 201, body: JSON.stringify(service) }),
    refused: () => null,
  };
  await desk.open({ request, key, requestHash: JSON.stringify(request), wording });
}
