/** A counter's paper: the newest slip, all that the roll still has, and the roll itself. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ActionLog } from './action-log.js';
import { counterOf } from './counter-of.js';
import type { DemoHall } from './demo-hall.js';
import { readBody, sendAnswer } from './demo-problem.js';
import type { LoopbackAnswer } from './loopback-call.js';

export interface PaperRouteParts {
  readonly hall: DemoHall;
  readonly actions: ActionLog;
}

const paperBody = z.strictObject({ paper: z.enum(['ok', 'near-end', 'out']) });

export function addPaperRoutes(server: FastifyInstance, { hall, actions }: PaperRouteParts): void {
  for (const form of ['png', 'txt'] as const) {
    server.get(`/api/terminals/:n/paper.${form}`, async (request, reply) =>
      sendPaper(reply, await counterOf(hall, request).printer.paper(form)),
    );
  }
  server.get('/api/terminals/:n/slips', async (request) => counterOf(hall, request).printer.slips());
  server.get('/api/terminals/:n/slips/:m(^\\d{1,9}$).png', async (request, reply) => {
    const { m } = request.params as { m: string };
    return sendPaper(reply, await counterOf(hall, request).printer.picture(Number(m)));
  });
  server.post('/api/terminals/:n/paper', async (request, reply) => {
    const { place, printer } = counterOf(hall, request);
    const { paper } = readBody(paperBody, request.body);
    const done = actions.begin();
    const answer = await printer.setPaper(paper);
    if (answer.status < 400) done({ printer: { terminal: place.number, paper } });
    return sendAnswer(reply, answer);
  });
}

function sendPaper(reply: FastifyReply, { status, contentType, bytes }: LoopbackAnswer): FastifyReply {
  return reply.code(status).header('content-type', contentType).header('cache-control', 'no-store').send(bytes);
}
