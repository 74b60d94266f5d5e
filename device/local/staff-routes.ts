/** What the staff page and the counter PC ask for: everything but a level, and never whether there is a press yet (I6). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PjqError, serviceIdSchema, type Randomness } from '../../protocol/index.js';
import type { Counter } from '../counter/counter.js';
import { done } from './answer.js';
import type { DeskView } from './desk-view.js';
import type { Feed } from './feed.js';
import { MalformedRequest } from './problem.js';
import { readBody, serviceBody } from './request-bodies.js';

export interface StaffRoutesParts {
  readonly counter: Counter;
  /** This terminal's name, for services opened here without a serviceId. */
  readonly terminal: string;
  readonly randomness: Randomness;
  readonly health: () => Readonly<Record<string, unknown>>;
  readonly view: () => DeskView;
  readonly feed: Feed<DeskView>;
  /** Prints a slip once more; `null` where there is no printer. */
  readonly printAgain: ((serviceId: string) => void) | null;
}

export function staffRoutes(scope: FastifyInstance, parts: StaffRoutesParts): void {
  const { counter, terminal, randomness, health, view, feed, printAgain } = parts;
  scope.get('/v1/health', async () => health());
  scope.get('/v1/desk', async () => view());
  scope.get('/v1/desk/events', (_request, reply) => {
    // Hijacked after: a view that cannot be made is answered as any error.
    feed.follow(reply.raw, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    reply.hijack();
  });
  scope.post('/v1/services', async ({ body }, reply) => {
    const { serviceId = `${terminal}-${randomness.newId()}`, caseNo, stage, matter } = readBody(serviceBody, body);
    done(counter.open({ serviceId, caseNo, stage, ...(matter === undefined ? {} : { matter }) }, 'local'));
    return reply.code(201).send({ ok: true, serviceId });
  });
  scope.post('/v1/services/:serviceId/cancel', async (request) => done(counter.cancel(serviceIdOf(request))));
  scope.post('/v1/services/:serviceId/invite', async (request) => done(counter.invite(serviceIdOf(request))));
  scope.post('/v1/services/:serviceId/receipt', async (request, reply) => {
    if (printAgain === null) throw new PjqError('printer-lost', 'no printer is configured');
    printAgain(serviceIdOf(request));
    return reply.code(202).send({ ok: true });
  });
}

function serviceIdOf(request: FastifyRequest): string {
  const { serviceId } = request.params as { serviceId?: unknown };
  const parsed = serviceIdSchema.safeParse(serviceId);
  if (!parsed.success) throw new MalformedRequest(parsed.error.issues.map(({ message }) => `serviceId: ${message}`));
  return parsed.data;
}
