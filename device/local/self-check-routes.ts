/** The daily self-check as the staff page and the citizen's screen drive it. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { staffNoSchema } from '../../protocol/index.js';
import { CHECK_STEPS } from '../core/self-check-items.js';
import type { SelfCheck } from '../self-check/self-check.js';
import { readBody } from './request-bodies.js';

const reasonSchema = z.string().trim().min(1).max(120);
const startBody = z.strictObject({ staffNo: staffNoSchema.optional() }).default({});
const answerBody = z.strictObject({
  step: z.enum(CHECK_STEPS),
  target: z.string().min(1).max(40),
  ok: z.boolean(),
  scanned: z.string().max(200).optional(),
});
const againBody = z.strictObject({ step: z.enum(CHECK_STEPS).optional() }).default({});
const breakOffBody = z.strictObject({ reason: reasonSchema.default('unfinished') }).default({ reason: 'unfinished' });
const skipBody = z.strictObject({ reason: reasonSchema, staffNo: staffNoSchema.optional() });
const touchBody = z.strictObject({ target: z.string().min(1).max(40) });

export function staffCheckRoutes(scope: FastifyInstance, selfCheck: SelfCheck): void {
  scope.post('/v1/self-check', async ({ body }, reply) => {
    const { staffNo = null } = readBody(startBody, body ?? undefined);
    return reply.code(201).send({ ok: true, ...selfCheck.begin(staffNo) });
  });
  scope.post('/v1/self-check/answer', async ({ body }) => {
    const { scanned, ...said } = readBody(answerBody, body);
    selfCheck.answer(scanned === undefined ? said : { ...said, scanned });
    return { ok: true };
  });
  scope.post('/v1/self-check/again', async ({ body }) => {
    selfCheck.again(readBody(againBody, body ?? undefined).step);
    return { ok: true };
  });
  scope.delete('/v1/self-check', async ({ body }) => {
    selfCheck.breakOff(readBody(breakOffBody, body ?? undefined).reason);
    return { ok: true };
  });
  scope.post('/v1/self-check/skip', async ({ body }) => {
    const { reason, staffNo = null } = readBody(skipBody, body);
    selfCheck.skip(reason, staffNo);
    return { ok: true };
  });
}

export function kioskCheckRoutes(scope: FastifyInstance, selfCheck: SelfCheck): void {
  scope.post('/v1/self-check/touch', async ({ body }) => {
    selfCheck.touch(readBody(touchBody, body).target);
    return { ok: true };
  });
}
