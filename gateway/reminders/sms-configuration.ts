/** Who carries the messages to those who have not rated, as the gateway's configuration says it. */
import { z } from 'zod';
import { retryPolicySchema } from '../../protocol/index.js';
import { DEFAULT_RETRY, isLoopback } from '../../protocol/runtime/config-parts.js';

const templateSchema = z.string().min(1).max(80);

export const smsSchema = z
  .strictObject({
    kind: z
      .enum(['file', 'http'])
      .default('file')
      .describe('file: written down for another program to carry; http: handed to a provider'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('kind file: where; not in dataDir, since it holds phone numbers in clear'),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("kind http: the provider's door; https unless loopback"),
    secretFile: z.string().min(1).optional().describe('kind http: file with the bearer token of the provider'),
    timeoutMs: z.int().min(500).max(60_000).default(10_000).describe('kind http: longest wait for an answer, ms'),
    perSecond: z.number().min(0.1).max(20).default(3).describe('messages a second at most'),
    retry: retryPolicySchema
      .default({ ...DEFAULT_RETRY, initialMs: 5_000, capMs: 600_000 })
      .describe('waits while the provider is away'),
    templates: z
      .strictObject({
        invitation: templateSchema.default('invitation').describe('text of the invitation'),
        reminder: templateSchema.default('reminder').describe('text of the reminder'),
        code: templateSchema.default('code').describe("text with the code that is typed at a window's code"),
      })
      .prefault({})
      .describe("the provider's names of the texts"),
  })
  .superRefine(({ kind, file, url, secretFile }, context) => {
    const needed = kind === 'file' ? { file } : { url, secretFile };
    for (const [key, value] of Object.entries(needed))
      if (value === undefined) context.addIssue({ code: 'custom', path: [key], message: `is needed for kind ${kind}` });
    if (url !== undefined && url.startsWith('http:') && !isLoopback(new URL(url).hostname))
      context.addIssue({ code: 'custom', path: ['url'], message: 'must be https unless the provider is on loopback' });
  });
export type SmsConfiguration = z.infer<typeof smsSchema>;
