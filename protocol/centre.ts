/**
 * The wire of the `generic` centre: one signed JSON request a rating. Provinces have wires of their own;
 * each is a profile of the gateway's centre port, and this is the plainest.
 */
import { z } from 'zod';
import { matterSchema, reasonCodesSchema, staffNoSchema, stageSchema } from './entry.js';
import { caseNoSchema, nameSchema, randomIdSchema, serviceIdSchema, wallMsSchema } from './identifiers.js';
import { levelSchema } from './levels.js';

export const CENTRE_RATINGS_PATH = '/ratings';

/** A rating as the generic centre takes it. */
export const centreRatingSchema = z.object({
  ratingId: randomIdSchema,
  serviceId: serviceIdSchema,
  hall: nameSchema,
  terminal: nameSchema,
  window: z.string().max(20).optional(),
  caseNo: caseNoSchema,
  /** Numbers the services of a case apart (intake, completion). */
  serviceNumber: z.int().min(1).max(99),
  /** 1 first, 2 follow-up; with `caseNo` and `serviceNumber` the centre's key of a rating. */
  assessNumber: z.int().min(1).max(99),
  stage: stageSchema,
  /** 5 非常满意 … 1 非常不满意. */
  satisfaction: levelSchema,
  /** `evalDetail`: codes of reasons, in the order of the national list. */
  reasons: reasonCodesSchema.optional(),
  /** 4: hall window terminal (`pf` of the national list). */
  channel: z.int().min(1).max(9),
  attributedTo: z.enum(['window', 'department']),
  matter: matterSchema.optional(),
  staffNo: staffNoSchema.optional(),
  /** When the service was opened and when it was rated, ms since 1970 (corrected where that is known). */
  serviceTime: wallMsSchema,
  assessTime: wallMsSchema,
});
export type CentreRating = z.infer<typeof centreRatingSchema>;

/** What the centre answers to a rating. `held` is what it has, when it has something already. */
export const centreAnswerSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), ratingId: randomIdSchema }),
  z.object({ outcome: z.literal('already'), held: centreRatingSchema }),
  z.object({ outcome: z.literal('refused'), code: z.string().max(60), reason: z.string().max(300) }),
]);
export type CentreAnswer = z.infer<typeof centreAnswerSchema>;

export const CENTRE_HEADERS = {
  key: 'idempotency-key',
  timestamp: 'x-pjq-timestamp',
  nonce: 'x-pjq-nonce',
  signature: 'x-pjq-signature',
} as const;

/** A request older or newer than this by the centre's clock is refused (replay). */
export const CENTRE_MAX_SKEW_MS = 300_000;

/** The text that the HMAC-SHA256 of a request covers; the signature header is `v1=` and its hex digest. */
export function centreSigningText(request: {
  method: string;
  path: string;
  timestampMs: number;
  nonce: string;
  idempotencyKey: string;
  body: string;
}): string {
  const { method, path, timestampMs, nonce, idempotencyKey, body } = request;
  return `pjq/centre/v1\n${method}\n${path}\n${timestampMs}\n${nonce}\n${idempotencyKey}\n${body}`;
}

/**
 * Whether two ratings say the same: every field that the wire carries, but for the times. Those are corrected
 * anew from what is known of the clocks, and a gateway that was restored may know a little more or less.
 */
export function sameCentreRating(a: CentreRating, b: CentreRating): boolean {
  const timeless = ({ serviceTime: _service, assessTime: _assess, ...rest }: CentreRating) => canonical(rest);
  return timeless(a) === timeless(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}
