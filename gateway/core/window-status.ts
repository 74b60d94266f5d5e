/** What the counter PC learns of a window: whether its terminal is there, and what it is doing. */
import { z } from 'zod';
import { caseNoSchema, healthMessageSchema, serviceIdSchema, type HealthMessage } from '../../protocol/index.js';
import { readHealth } from './read-health.js';

export const windowStatusSchema = z.object({
  window: z.string(),
  terminal: z.string(),
  connection: z.enum(['connected', 'lost']),
  duty: z.enum([...healthMessageSchema.shape.duty.options, 'unknown']).describe('unknown while the connection is lost'),
  session: z
    .enum([...healthMessageSchema.shape.service.options, 'unknown'])
    .describe('unknown while the connection is lost'),
  service: z
    .object({ serviceId: serviceIdSchema, caseNo: caseNoSchema })
    .optional()
    .describe('the service that is open'),
});
export type WindowStatus = z.infer<typeof windowStatusSchema>;

export const windowListSchema = z.object({ windows: z.array(windowStatusSchema) });

/** The part of a terminal's record that a window's status is made of; `health` is a HealthMessage in JSON. */
export interface TerminalRecord {
  readonly terminal: string;
  readonly window: string;
  readonly state: string;
  readonly health: string | null;
}

/** @param service the service that may be told as open now. */
export function windowStatus(
  record: TerminalRecord,
  service: { serviceId: string; caseNo: string } | undefined,
): WindowStatus {
  const connection = record.state === 'connected' ? 'connected' : 'lost';
  const health = connection === 'connected' ? readHealth(record.health) : undefined;
  return {
    window: record.window,
    terminal: record.terminal,
    connection,
    duty: health?.duty ?? 'unknown',
    session: sessionOf(health, service !== undefined),
    ...(service === undefined ? {} : { service: { serviceId: service.serviceId, caseNo: service.caseNo } }),
  };
}

/** "Idle" would tell the end of the session before it may be told (I6), so the open service outranks it. */
function sessionOf(health: HealthMessage | undefined, open: boolean): WindowStatus['session'] {
  if (health === undefined) return 'unknown';
  return open && health.service === 'idle' ? 'in-session' : health.service;
}
