/** Who serves at the window, and whether they do just now. */
import type { FastifyInstance } from 'fastify';
import type { Counter } from '../counter/counter.js';
import { done } from './answer.js';
import { dutyBody, pauseBody, readBody } from './request-bodies.js';
import type { SignOn } from './sign-on.js';

/** A stand-in signs on straight over the one on duty; a service that is open stays with who opened it. */
export function dutyRoutes(scope: FastifyInstance, counter: Counter, signOn: SignOn): void {
  scope.post('/v1/duty', async ({ body }) => {
    const staffNo = await signOn.check(readBody(dutyBody, body));
    return done(counter.dutyOn(staffNo));
  });
  scope.delete('/v1/duty', async () => done(counter.dutyOff()));
  scope.post('/v1/pause', async ({ body }) => done(counter.pause(readBody(pauseBody, body).reason)));
  scope.post('/v1/resume', async () => done(counter.resume()));
}
