/** Routes of the counter PC and the business system: services and windows. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PjqError, serviceIdSchema } from '../../protocol/index.js';
import {
  canonicalOpenRequest,
  openedServiceSchema,
  openRequestSchema,
  readOpenRequest,
  windowSchema,
} from '../core/open-request.js';
import { readRequest, RequestFault } from '../core/request-fault.js';
import { serviceStatusSchema } from '../core/service-status.js';
import { windowListSchema, windowStatusSchema } from '../core/window-status.js';
import { codedError, isFinal, PROBLEM_TYPE, problemOf } from './problem.js';
import type { Route, RouteAnswer, RouteParts, RouteRequest } from './route.js';

const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1-128 visible ASCII characters');

const openService: Route = {
  method: 'post',
  path: '/v1/services',
  operationId: 'openService',
  summary: 'Opens a service at a terminal and answers when the terminal has said yes',
  secured: true,
  headers: {
    'Idempotency-Key': {
      description: 'A new one for each new intention, the same one when the request is sent again.',
      schema: idempotencyKeySchema,
    },
  },
  body: openRequestSchema,
  answers: {
    201: {
      description: 'The service is open.',
      schema: openedServiceSchema,
      headers: {
        'Idempotent-Replayed': { description: 'true when this is the kept first answer', schema: z.literal('true') },
      },
    },
  },
  errors: [
    'request-malformed',
    'request-too-large',
    'idempotency-key-missing',
    'idempotency-key-reused',
    'idempotency-in-progress',
    'evaluator-unsupported',
    'service-ungranted',
    'service-exists',
    'service-over',
    'service-unknown',
    'follow-up-unfit',
    'follow-up-exists',
    'terminal-unknown',
    'terminal-off-duty',
    'terminal-paused',
    'terminal-out-of-service',
    'message-expired',
    'unreachable',
  ],
  handle: openOnce,
};

/** Has the effect of a request once, and keeps its first final answer (draft-ietf-httpapi-idempotency-key-header). */
async function openOnce({ desk }: RouteParts, { requestId, headers, body }: RouteRequest): Promise<RouteAnswer> {
  const key = readIdempotencyKey(headers['idempotency-key']);
  // Read before the key is taken: of what is refused here, nothing is stored at all (I7).
  const request = readOpenRequest(body, desk);
  const requestHash = createHash('sha256')
    .update(`POST /v1/services\n${canonicalOpenRequest(request)}`)
    .update(desk.evaluatorDigest(request))
    .digest('hex');
  const { answer, isReplayed } = await desk.open({
    request,
    key,
    requestHash,
    wording: {
      opened: (service) => ({ status: 201, body: JSON.stringify(service) }),
      refused: (error) =>
        isFinal(error) ? { status: error.status, body: JSON.stringify(problemOf(codedError(error), requestId)) } : null,
    },
  });
  const told = typed(answer.status, answer.body);
  return isReplayed ? { ...told, headers: { 'idempotent-replayed': 'true' } } : told;
}

function typed(status: number, body: string): RouteAnswer {
  return status >= 400 ? { status, body, contentType: PROBLEM_TYPE } : { status, body };
}

function readIdempotencyKey(header: unknown): string {
  if (header === undefined || header === '') throw new PjqError('idempotency-key-missing');
  const key = idempotencyKeySchema.safeParse(header);
  if (key.success) return key.data;
  throw new RequestFault([{ path: 'header idempotency-key', reason: key.error.issues[0]?.message ?? 'is wrong' }]);
}

const serviceParams = { serviceId: serviceIdSchema };
const windowParams = { window: windowSchema };

const cancelService: Route = {
  method: 'post',
  path: '/v1/services/{serviceId}/cancel',
  operationId: 'cancelService',
  summary: 'Takes a service back: ends the session, never a rating that stands; cancelling again changes nothing',
  secured: true,
  params: serviceParams,
  answers: {
    200: {
      description: 'The service is taken back, or was over already; its end is told after the delay.',
      schema: serviceStatusSchema,
    },
  },
  errors: ['request-malformed', 'request-too-large', 'service-unknown', 'unreachable'],
  async handle({ desk }, { params }) {
    return json(await desk.cancel(readRequest(z.object(serviceParams), params).serviceId));
  },
};

const getService: Route = {
  method: 'get',
  path: '/v1/services/{serviceId}',
  operationId: 'getService',
  summary: 'Whether a service is open, closed, rated; never how it was rated',
  secured: true,
  params: serviceParams,
  answers: { 200: { description: 'The status of the service.', schema: serviceStatusSchema } },
  errors: ['request-malformed', 'service-unknown'],
  async handle({ desk }, { params }) {
    return json(await desk.get(readRequest(z.object(serviceParams), params).serviceId));
  },
};

const getWindow: Route = {
  method: 'get',
  path: '/v1/windows/{window}',
  operationId: 'getWindow',
  summary: 'Whether the terminal of a window is there and what it is doing',
  secured: true,
  params: windowParams,
  answers: { 200: { description: 'The status of the window.', schema: windowStatusSchema } },
  errors: ['request-malformed', 'terminal-unknown'],
  async handle({ desk }, { params }) {
    return json(await desk.window(readRequest(z.object(windowParams), params).window));
  },
};

const listWindows: Route = {
  method: 'get',
  path: '/v1/windows',
  operationId: 'listWindows',
  summary: 'The status of every window',
  secured: true,
  answers: { 200: { description: 'One status a terminal, by its name.', schema: windowListSchema } },
  errors: [],
  async handle({ desk }) {
    return json({ windows: await desk.windows() });
  },
};

function json(body: unknown): RouteAnswer {
  return { status: 200, body: JSON.stringify(body) };
}

export const SERVICE_ROUTES: readonly Route[] = [openService, cancelService, getService, listWindows, getWindow];
