/**
 * The wire of the `generic` centre: one signed JSON request a rating. Provinces have wires of their own;
 * each is a profile of the gateway's centre port, and this is the plainest.
 */
import { z } from 'zod';
import {
  marksSchema,
  MAX_CASES,
  matterSchema,
  reasonCodesSchema,
  serviceCaseSchema,
  staffNoSchema,
  stageSchema,
} from './entry.js';
import { caseNoSchema, nameSchema, randomIdSchema, serviceIdSchema, wallMsSchema } from './identifiers.js';
import { levelSchema } from './levels.js';

export const CENTRE_RATINGS_PATH = '/ratings';

/** The code with which a centre refuses a negative rating that says nothing of why (差评必须勾选详情或填写文字评价). */
export const REASON_MISSING = 'reason-missing';

/** A text in an evaluator's own words is at most this long, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 500;

/** A rating as the generic centre takes it. */
export const centreRatingSchema = z.object({
  ratingId: randomIdSchema,
  serviceId: serviceIdSchema,
  hall: nameSchema,
  terminal: nameSchema,
  window: z.string().max(20).optional(),
  caseNo: caseNoSchema,
  /**
   * Of a batch or a theme: every case that this one rating stands for, that of `caseNo` first. The centre keeps the
   * rating for each of them, or for none.
   */
  cases: z.array(serviceCaseSchema).min(2).max(MAX_CASES).optional(),
  /** Numbers the services of a case apart (intake, completion). */
  serviceNumber: z.int().min(1).max(99),
  /** 1 first, 2 follow-up; with `caseNo` and `serviceNumber` the centre's key of a rating. */
  assessNumber: z.int().min(1).max(99),
  stage: stageSchema,
  /** 5 非常满意 … 1 非常不满意. */
  satisfaction: levelSchema,
  /** `evalDetail`: codes of reasons, in the order of the national list. */
  reasons: reasonCodesSchema.optional(),
  /** Levels of single things beside the whole: indicators (S §11, G 四), and each matter of an unfolded theme (S §20). */
  marks: marksSchema.optional(),
  /** `writingEvaluation`: words of the evaluator after their review, of the callback, or the profile's neutral ones. */
  text: z.string().min(1).max(MAX_TEXT_LENGTH).optional(),
  /** Whose the text is, or the reasons where they came after the rating. Absent: the evaluator's, with the rating. */
  writtenBy: z.enum(['evaluator', 'callback', 'system']).optional(),
  /** `pf` of the national list; 4: hall window terminal. */
  channel: z.int().min(1).max(9),
  attributedTo: z.enum(['window', 'department']),
  /** The department that owns the matter: 18-character unified social credit code, or the hall's own. */
  department: z.string().min(1).max(32).optional(),
  matter: matterSchema.optional(),
  staffNo: staffNoSchema.optional(),
  /** When the service was opened and when it was rated, ms since 1970 (corrected where that is known). */
  serviceTime: wallMsSchema,
  assessTime: wallMsSchema,
  /**
   * The rating that this one takes the place of: it turned out that another act of the same service came first. A centre
   * that does not have it takes this one as new.
   */
  corrects: randomIdSchema.optional(),
});
export type CentreRating = z.infer<typeof centreRatingSchema>;

/** Who was served, as far as the hall knows it: for a centre that keeps ratings by real name (R11). */
export const centreEvaluatorSchema = z.object({
  name: z.string().min(1).max(30).optional(),
  documentType: z.string().max(32).optional(),
  documentNo: z.string().min(1).max(64).optional(),
  phone: z.string().max(20).optional(),
});
export type CentreEvaluator = z.infer<typeof centreEvaluatorSchema>;

/**
 * What is posted: the rating, and with it who was served, where the hall's configuration says that this centre takes it.
 * It is no part of the rating: whether two are the same does not rest on it, and no answer of the centre holds it.
 */
export const centreRequestSchema = centreRatingSchema.extend({ evaluator: centreEvaluatorSchema.optional() });

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
 * anew from what is known of the clocks, and a gateway that was restored may know a little more or less. What a rating
 * takes the place of is no part of what it says either: once it stands, it is the same with and without that word.
 */
export function sameCentreRating(a: CentreRating, b: CentreRating): boolean {
  const content = ({ serviceTime: _service, assessTime: _assess, corrects: _corrects, ...rest }: CentreRating) =>
    canonical(rest);
  return content(a) === content(b);
}

/** Whether it is a negative (D §10) that says nothing of why: some centres refuse it so. */
export function isBareNegative(rating: Pick<CentreRating, 'satisfaction' | 'reasons' | 'text'>): boolean {
  const { satisfaction, reasons = [], text } = rating;
  return satisfaction <= 2 && reasons.length === 0 && text === undefined;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}
