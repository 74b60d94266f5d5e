/** What the HTTP interface takes from its callers. */
import { z } from 'zod';
import { rateSchema } from '../peers/rate.js';

const ms = (defaultMs: number) => z.int().min(50).max(86_400_000).default(defaultMs);

export const httpLimitsSchema = z.strictObject({
  maxConnections: z
    .int()
    .min(1)
    .max(65_535)
    .default(1_024)
    .describe('connections at once; past that the one goes that has waited longest without a request'),
  headersTimeoutMs: ms(5_000).describe('longest wait for the headers of a request, ms'),
  requestTimeoutMs: ms(10_000).describe('longest wait for the whole of a request, ms'),
  keepAliveMs: ms(60_000).describe('longest wait for the next request of a connection, ms'),
  silenceMs: ms(60_000).describe('longest time in which a caller neither says nor reads anything, ms'),
  maxHeaderBytes: z.int().min(1_024).max(65_536).default(16_384).describe('bytes of the headers of a request'),
  maxUnanswered: z.int().min(1).max(1_000).default(16).describe('requests of one connection that are not answered yet'),
  cuts: rateSchema(2, 5).describe('connections of one address that are cut off; past that none of it is taken'),
  withoutSecret: rateSchema(30, 200).describe('requests of one address that do not show the secret'),
});
export type HttpLimits = z.infer<typeof httpLimitsSchema>;

export const DEFAULT_HTTP_LIMITS: HttpLimits = httpLimitsSchema.parse({});
