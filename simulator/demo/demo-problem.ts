/** Bodies that the demo's interface reads, and refusals as `application/problem+json` (RFC 9457). */
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ERRORS, isPjqError, PjqError } from '../../protocol/index.js';
import { faultsOf } from '../../protocol/runtime/configuration.js';
import type { LoopbackAnswer } from './loopback-call.js';

/** @throws PjqError `request-malformed`. */
export function parseJson(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new PjqError('request-malformed', 'The body is no JSON.', { cause });
  }
}

/** @throws PjqError `request-malformed` with every fault. */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new PjqError('request-malformed', faultsOf(parsed.error, body).join('; '));
}

/** Passes on what a part of the hall has answered, as it is. */
export function sendAnswer(
  reply: FastifyReply,
  { status, contentType, text }: Pick<LoopbackAnswer, 'status' | 'contentType' | 'text'>,
): FastifyReply {
  // As bytes: to a text the framework would add a charset, which a problem does not have.
  return reply.code(status).header('content-type', contentType).send(Buffer.from(text));
}

export function sendProblem(reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = codedError(thrown);
  const { code, status, hint, detail } = error;
  const problem = { title: ERRORS[code].summary, status, code, ...(detail === undefined ? {} : { detail }), hint };
  return sendAnswer(reply, { status, contentType: 'application/problem+json', text: JSON.stringify(problem) });
}

function codedError(thrown: unknown): PjqError {
  if (isPjqError(thrown)) return thrown;
  const status =
    typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown ? thrown.statusCode : undefined;
  if (status === 413) return new PjqError('request-too-large');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new PjqError('request-malformed', undefined, { cause: thrown });
  return new PjqError('internal', undefined, { cause: thrown });
}
