/** Routes for whoever runs the gateway. They need no secret and name no service, case or person. */
import { z } from 'zod';
import type { Route, RouteParts } from './route.js';

export const livenessSchema = z.object({ alive: z.literal(true) });
export const readinessSchema = z.object({
  ready: z.boolean(),
  parts: z
    .record(z.string(), z.boolean())
    .describe('store: a write was committed within the last seconds; broker: connected'),
});

const liveness: Route = {
  method: 'get',
  path: '/healthz',
  operationId: 'liveness',
  summary: 'Whether the process lives',
  secured: false,
  answers: { 200: { description: 'It lives.', schema: livenessSchema } },
  errors: [],
  async handle() {
    return { status: 200, body: JSON.stringify({ alive: true }) };
  },
};

const readiness: Route = {
  method: 'get',
  path: '/readyz',
  operationId: 'readiness',
  summary: 'Whether every part that a request needs works',
  secured: false,
  answers: {
    200: { description: 'All parts work.', schema: readinessSchema },
    503: { description: 'Some part does not.', schema: readinessSchema },
  },
  errors: [],
  async handle(parts) {
    const working = await partsThatWork(parts);
    const ready = Object.values(working).every(Boolean);
    return { status: ready ? 200 : 503, body: JSON.stringify({ ready, parts: working }) };
  },
};

async function partsThatWork({ readiness: ask }: RouteParts): Promise<Record<string, boolean>> {
  try {
    return await ask();
  } catch {
    // A part that cannot even be asked does not work.
    return { parts: false };
  }
}

const metrics: Route = {
  method: 'get',
  path: '/metrics',
  operationId: 'metrics',
  summary: 'Figures for Prometheus; no label holds a service, a case or a level',
  secured: false,
  answers: { 200: { description: 'Prometheus text format.', contentType: 'text/plain' } },
  errors: [],
  async handle({ metrics: registry }) {
    return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
  },
};

const openApi: Route = {
  method: 'get',
  path: '/openapi.json',
  operationId: 'openApi',
  summary: 'This document',
  secured: false,
  answers: { 200: { description: 'OpenAPI 3.1.', contentType: 'application/json' } },
  errors: [],
  async handle({ openApi: body }) {
    return { status: 200, body };
  },
};

export const OPERATION_ROUTES: readonly Route[] = [liveness, readiness, metrics, openApi];
