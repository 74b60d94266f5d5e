/** Refusals as `application/problem+json` (RFC 9457), with the stable code and what to do. */
import type { FastifyReply } from 'fastify';
import { ERRORS, isPjqError, PjqError, type ErrorCode } from '../../protocol/index.js';

export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly hint: string;
  /** Each fault of the request as `path: reason`, never with the value. */
  readonly errors?: readonly string[];
}

export class MalformedRequest extends PjqError {
  readonly errors: readonly string[];

  constructor(errors: readonly string[]) {
    super('request-malformed', errors.join('; '));
    this.errors = errors;
  }
}

/** Answers with a problem. Values from the request are not repeated: they could be a level, or a citizen's. */
export function sendProblem(reply: FastifyReply, error: PjqError): FastifyReply {
  const { summary, hint } = ERRORS[error.code];
  const problem: Problem = {
    title: summary,
    status: error.status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    hint,
    ...(error instanceof MalformedRequest ? { errors: error.errors } : {}),
  };
  return reply.code(error.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Any error as a coded one; what nobody foresaw is `internal` and tells nothing outside. */
export function asCoded(error: unknown): PjqError {
  if (isPjqError(error)) return error;
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) return new PjqError('request-too-large');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new PjqError('request-malformed', undefined, { cause: error });
  return new PjqError('internal', undefined, { cause: error });
}
