/** What a member of staff does on the staff page, and the call by which the page tells the terminal. */
import { z } from 'zod';
import { PjqError, staffNoSchema } from '../../protocol/index.js';
import type { LocalCall } from './terminal-door.js';

export const staffDeedSchema = z.union([
  z.strictObject({ do: z.literal('sign-on'), staffNo: staffNoSchema, pin: z.string().min(1).max(64).optional() }),
  z.strictObject({ do: z.literal('sign-on'), badge: z.string().min(4).max(64) }),
  z.strictObject({ do: z.literal('sign-off') }),
  z.strictObject({ do: z.literal('pause'), reason: z.string().min(1).max(120) }),
  z.strictObject({ do: z.literal('resume') }),
  z.strictObject({ do: z.literal('cancel') }),
  z.strictObject({ do: z.literal('invite') }),
]);
export type StaffDeed = z.infer<typeof staffDeedSchema>;

/**
 * @param serviceId the service that is open, if there is one.
 * @throws PjqError `session-absent` when the deed needs one.
 */
export function staffCall(deed: StaffDeed, serviceId: string | undefined): LocalCall {
  switch (deed.do) {
    case 'sign-on': {
      const { do: _do, ...body } = deed;
      return { method: 'POST', path: '/v1/duty', body };
    }
    case 'sign-off':
      return { method: 'DELETE', path: '/v1/duty' };
    case 'pause':
      return { method: 'POST', path: '/v1/pause', body: { reason: deed.reason } };
    case 'resume':
      return { method: 'POST', path: '/v1/resume', body: {} };
    case 'cancel':
    case 'invite':
      if (serviceId === undefined) throw new PjqError('session-absent');
      return { method: 'POST', path: `/v1/services/${encodeURIComponent(serviceId)}/${deed.do}`, body: {} };
  }
}
