/** Where the phone page is served, and what it takes from its callers. */
import { z } from 'zod';
import { isLoopback, portSchema, tlsSchema } from '../../protocol/runtime/config-parts.js';
import { DEFAULT_HTTP_LIMITS } from '../api/http-limits.js';
import { rateSchema } from '../peers/rate.js';

export const rateLimitsSchema = z.strictObject({
  maxConnections: z.int().min(1).max(65_535).default(1_024).describe('connections at once'),
  perService: rateSchema(1, 30).describe('requests for one service, whoever asks'),
  perAddress: rateSchema(100, 1_000).describe('requests of one address; a whole hall may stand behind one'),
  refusedPerAddress: rateSchema(5, 100).describe(
    'refused codes of one address; past that they get the shortest answer, and good codes the usual one',
  ),
});
export type RateLimits = z.infer<typeof rateLimitsSchema>;

export const rateConfigurationSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('address to listen on; anything but loopback needs tls'),
    port: portSchema,
    publicUrl: z
      .string()
      .max(60)
      .regex(
        /^(?:https:\/\/[^/?#\s]+|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?)(?:\/[\w.-]+)*$/,
        'must be https://host/path without a slash at its end',
      )
      .describe("address under which phones find it; the terminals' receipt.url is the same"),
    trustedProxies: z
      .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
      .max(20)
      .default([])
      .describe('addresses of the proxies in front; only they are believed whom they speak for (X-Forwarded-For)'),
    hallNetworks: z
      .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
      .max(50)
      .optional()
      .describe("the hall's own networks, by which ratings from within are told (`pjq flags`); default: private ones"),
    tls: tlsSchema.optional().describe('the proxy in front shows a certificate of the same authority'),
    limits: rateLimitsSchema.prefault({}),
  })
  .superRefine(({ host, tls }, context) => {
    if (tls === undefined && !isLoopback(host))
      context.addIssue({ code: 'custom', path: ['tls'], message: 'is needed unless host is loopback' });
  });
export type RateConfiguration = z.infer<typeof rateConfigurationSchema>;

export const DEFAULT_RATE_LIMITS: RateLimits = rateLimitsSchema.parse({});

/** Bounds of a connection, as of the other edge. */
export const CONNECTION_BOUNDS = DEFAULT_HTTP_LIMITS;
