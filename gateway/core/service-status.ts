/**
 * What the counter PC learns of a service: rated or not, never the level; and the end of the session only
 * after a delay that is the same whatever happened in it (I6).
 */
import { z } from 'zod';
import { caseNoSchema, serviceIdSchema, stageSchema, wallMsSchema } from '../../protocol/index.js';

export const serviceStatusSchema = z.object({
  serviceId: serviceIdSchema,
  caseNo: caseNoSchema,
  stage: stageSchema,
  terminal: z.string(),
  window: z.string().nullable(),
  state: z
    .enum(['requested', 'open', 'closed'])
    .describe(
      'requested: the terminal has not said yes; open: invited; closed: the session ended (told after a fixed delay)',
    ),
  rated: z.boolean().describe('whether a rating stands; told after a fixed delay, never with its level'),
  openedAt: wallMsSchema.nullable().describe("ms since 1970, by the terminal's clock"),
  closedAt: wallMsSchema.nullable().describe("ms since 1970, by the terminal's clock"),
});
export type ServiceStatus = z.infer<typeof serviceStatusSchema>;

/** The part of a service's record that its status is made of. */
export interface ServiceRecord {
  readonly serviceId: string;
  readonly caseNo: string;
  readonly stage: string;
  readonly terminal: string;
  readonly window: string | null;
  readonly state: string;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly closedSeenAt: number | null;
  readonly ratingId: string | null;
}

/** Whether the end of the session may be told yet. */
function endIsVisible(
  record: Pick<ServiceRecord, 'state' | 'closedSeenAt'>,
  nowMs: number,
  ratedDelayMs: number,
): boolean {
  return record.state === 'closed' && record.closedSeenAt !== null && nowMs >= record.closedSeenAt + ratedDelayMs;
}

/** The state as it may be told now. */
export function visibleState(
  record: Pick<ServiceRecord, 'state' | 'openedAt' | 'closedSeenAt'>,
  nowMs: number,
  ratedDelayMs: number,
): ServiceStatus['state'] {
  if (endIsVisible(record, nowMs, ratedDelayMs)) return 'closed';
  if (record.state === 'open') return 'open';
  return record.state === 'closed' && record.openedAt !== null ? 'open' : 'requested';
}

export function serviceStatus(record: ServiceRecord, nowMs: number, ratedDelayMs: number): ServiceStatus {
  const ended = endIsVisible(record, nowMs, ratedDelayMs);
  const { serviceId, caseNo, terminal, window, openedAt } = record;
  return {
    serviceId,
    caseNo,
    stage: stageSchema.parse(record.stage),
    terminal,
    window,
    state: visibleState(record, nowMs, ratedDelayMs),
    rated: ended && record.ratingId !== null,
    openedAt,
    closedAt: ended ? record.closedAt : null,
  };
}
