/** What the local interface takes, and the refusal of everything else. */
import { z } from 'zod';
import {
  caseNoSchema,
  matterSchema,
  PjqError,
  serviceIdSchema,
  stageSchema,
  staffNoSchema,
} from '../../protocol/index.js';
import { MalformedRequest } from './problem.js';

export const serviceBody = z.strictObject({
  caseNo: caseNoSchema,
  serviceId: serviceIdSchema.optional(),
  stage: stageSchema.default('completion'),
  matter: z.strictObject(matterSchema.shape).optional(),
});

/** Neither is repeated in an answer, nor in a log line. */
export const dutyBody = z.union([
  z.strictObject({ staffNo: staffNoSchema, pin: z.string().min(1).max(64).optional() }),
  z.strictObject({ badge: z.string().min(4).max(64) }),
]);

export const pauseBody = z.strictObject({ reason: z.string().min(1).max(120) });

/** Keys that business systems use for the citizen (GB/T 39046 and the provinces' interfaces); `matter.name` is none. */
const EVALUATOR_KEYS = new Set([
  'evaluator',
  'username',
  'userprop',
  'certkey',
  'certkeygov',
  'userpagetype',
  'document',
  'documentno',
  'idcard',
  'idno',
  'phone',
  'mobile',
  'tel',
  'email',
]);

/**
 * Refuses evaluator data wherever it stands in a body: it never enters a terminal (I7).
 * @throws PjqError `evaluator-unsupported`.
 */
export function refuseEvaluator(body: unknown): void {
  const named = typeof body === 'object' && body !== null && Object.hasOwn(body, 'name');
  if (named || holdsEvaluatorKey(body)) throw new PjqError('evaluator-unsupported');
}

function holdsEvaluatorKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => EVALUATOR_KEYS.has(key.toLowerCase()) || holdsEvaluatorKey(inner),
  );
}

/**
 * Reads a body.
 * @throws PjqError `request-malformed` with every fault.
 */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new MalformedRequest(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(body)'}: ${message}`),
  );
}
