/** Errors over HTTP: RFC 9457 problem details. */
import { z } from 'zod';
import { ERRORS, isPjqError, isRecoverable, PjqError } from '../../protocol/index.js';
import { RequestFault } from '../core/request-fault.js';
import { storeFault } from '../store/store-fault.js';

export const PROBLEM_TYPE = 'application/problem+json';

export const problemSchema = z.object({
  type: z.string().describe('errors.md#{code}, relative to the documentation'),
  title: z.string().describe('what is wrong, in one sentence'),
  status: z.int(),
  code: z.string().describe('stable code, listed in errors.md'),
  detail: z.string().optional().describe('further facts'),
  hint: z.string().describe('what to do about it'),
  errors: z
    .array(z.object({ path: z.string(), reason: z.string() }))
    .optional()
    .describe('every fault of the request'),
  requestId: z.string().describe('stands in the log line of this request'),
});
export type Problem = z.infer<typeof problemSchema>;

const STORE_FAULTS = { full: 'store-full', damaged: 'store-damaged' } as const;

/**
 * The coded error behind anything thrown. The framework's own messages are dropped: the one for broken JSON
 * quotes the body, and a body may hold what must not be repeated (I7).
 */
export function codedError(error: unknown): PjqError {
  if (error instanceof PjqError) return error;
  if (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('FST_ERR_')
  ) {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new PjqError('request-too-large');
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
      return new RequestFault([{ path: 'header content-type', reason: 'must be application/json' }]);
    }
    const status = 'statusCode' in error ? error.statusCode : undefined;
    if (typeof status === 'number' && status < 500) return new PjqError('request-malformed');
  }
  const fault = storeFault(error);
  if (fault !== 'other') return new PjqError(STORE_FAULTS[fault], undefined, { cause: error });
  return new PjqError('internal', undefined, { cause: error });
}

export function problemOf(error: PjqError, requestId: string): Problem {
  const { code, status, hint, detail } = error;
  return {
    type: `errors.md#${code}`,
    title: ERRORS[code].summary,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    hint,
    ...(error instanceof RequestFault ? { errors: [...error.faults] } : {}),
    requestId,
  };
}

/** Whether the same request will always fail like this; then its answer may be kept. */
export function isFinal(error: unknown): error is PjqError {
  return isPjqError(error) && error.status < 500 && !isRecoverable(error);
}
