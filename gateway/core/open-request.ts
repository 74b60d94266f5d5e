/** What the business system says when it opens a service, and what it is answered. */
import { z } from 'zod';
import {
  caseNoSchema,
  matterSchema,
  nameSchema,
  PjqError,
  serviceIdSchema,
  stageSchema,
  wallMsSchema,
} from '../../protocol/index.js';
import { evaluatorSchema, readEvaluator } from './evaluator.js';
import { readRequest, RequestFault } from './request-fault.js';
import { canonicalMore, formFaults, formRequestShape, serviceMoreOf } from './service-form.js';

/** Number of a window, as it hangs above the counter. */
export const windowSchema = z
  .string()
  .min(1)
  .max(20)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'must not hold control characters');

const TARGET_RULE = 'exactly one of terminal and window must be given';

export const openRequestSchema = z
  .strictObject({
    caseNo: caseNoSchema.describe('办件流水号'),
    stage: stageSchema
      .default('completion')
      .describe('受理 or 办结; where the intake fails, no service is opened: it may not be rated (S §18)'),
    terminal: nameSchema.optional().describe('name of the terminal'),
    window: windowSchema.optional().describe('number of the window, in place of the terminal'),
    serviceId: serviceIdSchema
      .optional()
      .describe('global identity of the service, made by the caller; made by the gateway if absent'),
    matter: z.strictObject(matterSchema.shape).optional().describe('事项; label is shown in place of the name'),
    ...formRequestShape,
    evaluator: evaluatorSchema
      .optional()
      .describe(
        '评价人: sealed at the gateway and told to no terminal; evaluator-unsupported where it cannot be sealed',
      ),
  })
  .refine((request) => (request.terminal === undefined) !== (request.window === undefined), { message: TARGET_RULE })
  .meta({
    oneOf: [{ required: ['terminal'] }, { required: ['window'] }],
    description: `Opens a service; ${TARGET_RULE}.`,
  });
export type OpenRequest = z.infer<typeof openRequestSchema>;

export const openedServiceSchema = z.object({
  serviceId: serviceIdSchema,
  terminal: nameSchema,
  window: windowSchema.nullable(),
  caseNo: caseNoSchema,
  stage: stageSchema,
  state: z.literal('open'),
  validUntil: wallMsSchema
    .nullable()
    .describe('until when the invitation could appear, ms since 1970; null when the terminal opened it by itself'),
});
export type OpenedService = z.infer<typeof openedServiceSchema>;

/**
 * Reads a request to open. The evaluator is looked for first, whatever else is wrong, so that a caller whose hall
 * cannot seal it learns at once to send no more of it (I7).
 * @throws PjqError `evaluator-unsupported`, RequestFault.
 */
export function readOpenRequest(value: unknown, { takesEvaluator }: { readonly takesEvaluator: boolean }): OpenRequest {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'evaluator')) {
    if (!takesEvaluator) throw new PjqError('evaluator-unsupported');
    readEvaluator((value as { evaluator: unknown }).evaluator);
  }
  const request = readRequest(openRequestSchema, value);
  const faults = formFaults(request);
  if (faults.length > 0) throw new RequestFault(faults);
  return request;
}

/** One text for all requests that ask the same, whatever the order of their keys; without the evaluator (I7). */
export function canonicalOpenRequest(request: OpenRequest): string {
  const { caseNo, stage, terminal, window, serviceId, matter } = request;
  const more = canonicalMore(serviceMoreOf(request));
  return JSON.stringify([
    caseNo,
    stage,
    terminal ?? null,
    window ?? null,
    serviceId ?? null,
    matter === undefined ? null : [matter.code ?? null, matter.name ?? null, matter.label ?? null],
    // Nothing where there is nothing: answers that were kept before there were forms are found again.
    ...(more === '' ? [] : [more]),
  ]);
}
