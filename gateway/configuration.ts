/** The gateway's configuration file. */
import { z } from 'zod';
import { nameSchema, retryPolicySchema } from '../protocol/index.js';
import {
  DEFAULT_RETRY,
  isLoopback,
  logLevelSchema,
  mqttAddressSchema,
  portSchema,
  tlsSchema,
} from '../protocol/runtime/config-parts.js';
import { httpLimitsSchema } from './api/http-limits.js';
import { brokerLimitsSchema } from './broker/broker-limits.js';
import { SUITE_NAMES } from './evaluator/seal-suite.js';
import { rateConfigurationSchema } from './rate/rate-configuration.js';
import { smsSchema } from './reminders/sms-configuration.js';

const embeddedSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('address to listen on; anything but loopback needs tls'),
    port: portSchema,
    tls: tlsSchema.optional(),
    limits: brokerLimitsSchema.prefault({}),
  })
  .superRefine(({ host, tls }, context) => {
    if (tls === undefined && !isLoopback(host))
      context.addIssue({ code: 'custom', path: ['tls'], message: 'is needed unless host is loopback' });
  });

export const gatewayConfigurationSchema = z.strictObject({
  hall: nameSchema.describe('name of the hall'),
  gateway: nameSchema.describe('name of this gateway; its log is {hall}/@{gateway}'),
  dataDir: z.string().min(1).describe('folder of the database and the key'),
  policyFile: z.string().min(1).describe("the hall's policy, YAML"),
  http: z.strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
    port: portSchema,
    secretFile: z.string().min(1).describe('file with the secret that the business system shows'),
    boardSecretFile: z
      .string()
      .min(1)
      .optional()
      .describe("file with the secret of the managers' board, /board/#secret; without it there is no board"),
    allowedHosts: z
      .array(z.string().min(1))
      .optional()
      .describe('host names under which it may be called; default: loopback'),
    limits: httpLimitsSchema.prefault({}),
  }),
  mqtt: z
    .union([z.strictObject({ embedded: embeddedSchema }), mqttAddressSchema], { error: faultsOfTheWayMeant })
    .describe('embedded: a broker in this process; url: an external one'),
  centre: z
    .strictObject({
      profile: z.literal('generic').default('generic').describe('how the centre speaks'),
      url: z.url({ protocol: /^https?$/ }).describe('address of the centre'),
      secretFile: z.string().min(1).describe('file with the secret shared with the centre'),
      timeoutMs: z.int().min(500).max(120_000).default(10_000).describe('longest wait for an answer, ms'),
      refusesBareNegative: z
        .boolean()
        .default(false)
        .describe(
          'the centre refuses a negative rating without reasons or words: it is kept here and waits for a reason (`pjq reasons`)',
        ),
      takesEvaluator: z
        .boolean()
        .default(false)
        .describe(
          'who was served is told to the centre with the rating (real name); the url must then be https unless loopback',
        ),
      concurrency: z.int().min(1).max(64).default(8).describe('deliveries at once'),
      retry: retryPolicySchema.default({ ...DEFAULT_RETRY, capMs: 300_000 }).describe('waits between tries'),
    })
    .superRefine(({ takesEvaluator, url }, context) => {
      if (takesEvaluator && url.startsWith('http:') && !isLoopback(new URL(url).hostname))
        context.addIssue({ code: 'custom', path: ['url'], message: 'must be https where the evaluator is told' });
    }),
  retention: z
    .strictObject({
      days: z
        .int()
        .min(31)
        .max(36_500)
        .default(800)
        .describe('older entries are let go, days; what waits for something stays'),
      bytes: z
        .int()
        .min(16 * 1024 * 1024)
        .optional()
        .describe('when the database holds more, bytes, the oldest entries go earlier; never before 31 days'),
    })
    .default({ days: 800 }),
  evaluator: z
    .strictObject({
      keyFile: z
        .string()
        .min(1)
        .describe('file of the keys that evaluator data is sealed with; outside dataDir, made at first use, mode 0600'),
      suite: z
        .enum(SUITE_NAMES)
        .default('aes-256-gcm')
        .describe('how it is sealed: AES-256-GCM, or SM4 with an HMAC of SM3 where 国密 is asked for'),
      retentionDays: z
        .int()
        .min(1)
        .max(3_650)
        .default(30)
        .describe('so long after the service it stays, days; then it is erased once the centre has the rating'),
    })
    .optional()
    .describe('name, document and phone of who was served; without it none is taken'),
  sms: smsSchema.optional().describe('who carries messages to those who have not rated; without it none are sent'),
  rate: rateConfigurationSchema
    .optional()
    .describe('the page on which phones rate, by a listener of its own; without it nobody rates by phone'),
  logLevel: logLevelSchema,
});
export type GatewayConfiguration = z.infer<typeof gatewayConfigurationSchema>;

/** A union alone says only that no way fits; the faults are those of the way that was meant. */
function faultsOfTheWayMeant({
  input,
  errors,
}: {
  readonly input?: unknown;
  readonly errors?: readonly (readonly z.core.$ZodIssue[])[];
}): string {
  const ways = typeof input === 'object' && input !== null ? ['embedded', 'url'].filter((way) => way in input) : [];
  if (ways.length !== 1) return 'must have either embedded or url';
  const faults = errors?.[ways[0] === 'embedded' ? 0 : 1] ?? [];
  return faults
    .map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': '))
    .join('; ');
}
