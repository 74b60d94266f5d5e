/** Routes of one counter: what happens there, and what a hand can do to it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { caseNoSchema, ERRORS, isPjqError, levelSchema, PjqError } from '../../protocol/index.js';
import type { Counter, DemoHall } from './demo-hall.js';
import { readBody, sendAnswer } from './demo-problem.js';
import { matterOf, type DemoHallFacts } from './hall-facts.js';
import type { KioskHand, Touched } from './kiosk-hand.js';

export interface CounterRouteParts {
  readonly hall: DemoHall;
  readonly facts: DemoHallFacts;
  /** `undefined` where there is no Chromium: then the terminal is asked as its page would. */
  readonly hand: KioskHand | undefined;
}

const serviceSchema = z.strictObject({
  caseNo: caseNoSchema,
  matter: z.string().optional(),
  locally: z.boolean().default(false),
});
const levelBody = z.strictObject({ level: levelSchema });
const laterBody = z.strictObject({}).optional();
const paperBody = z.strictObject({ paper: z.enum(['ok', 'near-end', 'out']) });

export function addCounterRoutes(server: FastifyInstance, { hall, facts, hand }: CounterRouteParts): void {
  /** @throws PjqError `terminal-unknown`. */
  const counterOf = ({ params }: FastifyRequest): Counter => {
    const { n } = params as { n: string };
    const counter = hall.counters.find(({ place }) => String(place.number) === n);
    if (counter === undefined) throw new PjqError('terminal-unknown', `The demo has 1 to ${hall.counters.length}.`);
    return counter;
  };

  server.get('/api/terminals/:n', async (request) => describe(counterOf(request)));
  server.get('/api/terminals/:n/pages', async (request) => counterOf(request).door.pages());
  server.post('/api/terminals/:n/service', async (request, reply) => {
    const { place, door } = counterOf(request);
    const { caseNo, matter, locally } = readBody(serviceSchema, request.body);
    const service = { caseNo, ...(matter === undefined ? {} : { matter: matterOf(facts, matter) }) };
    if (locally) return sendAnswer(reply, await door.open(service));
    const key = request.headers['idempotency-key'];
    const opening = { ...service, terminal: place.terminal };
    return sendAnswer(reply, await hall.gateway.open(opening, typeof key === 'string' ? key : undefined));
  });
  server.post('/api/terminals/:n/press', async (request, reply) => {
    const counter = counterOf(request);
    return sendPress(reply, await counter.press(readBody(levelBody, request.body).level));
  });
  server.post('/api/terminals/:n/touch', async (request, reply) => {
    const { place, door } = counterOf(request);
    const { level } = readBody(levelBody, request.body);
    const { kiosk } = door.pages();
    return sendTouched(reply, await byHand(hand?.touch(place.number, kiosk, level), () => door.touch(level)));
  });
  server.post('/api/terminals/:n/later', async (request, reply) => {
    const { place, door } = counterOf(request);
    readBody(laterBody, request.body);
    const { kiosk } = door.pages();
    return sendTouched(reply, await byHand(hand?.later(place.number, kiosk), () => door.later()));
  });
  for (const form of ['png', 'txt'] as const) {
    server.get(`/api/terminals/:n/paper.${form}`, async (request, reply) => {
      const { status, contentType, bytes } = await counterOf(request).printer.paper(form);
      return reply.code(status).header('content-type', contentType).header('cache-control', 'no-store').send(bytes);
    });
  }
  server.post('/api/terminals/:n/paper', async (request, reply) => {
    const { printer } = counterOf(request);
    return sendAnswer(reply, await printer.setPaper(readBody(paperBody, request.body).paper));
  });
}

interface HandAnswer {
  readonly by: 'page' | 'interface';
  readonly answer: Touched;
}

/** By the real page; where it cannot be shown at all, by the request that its target sends. */
async function byHand(page: Promise<Touched> | undefined, asked: () => Promise<Touched>): Promise<HandAnswer> {
  if (page !== undefined) {
    try {
      return { by: 'page', answer: await page };
    } catch (error) {
      // What the page would not do is the answer; a browser that cannot start or show it is not.
      if (isPjqError(error)) throw error;
    }
  }
  return { by: 'interface', answer: await asked() };
}

function sendTouched(reply: FastifyReply, { by, answer }: HandAnswer): FastifyReply {
  return answer.status === 200 ? reply.send({ ok: true, by }) : sendAnswer(reply, answer);
}

/** `session` and `board` are null while the terminal's program does not answer. */
async function describe({ place, door }: Counter): Promise<Record<string, unknown>> {
  const [session, parts] = await Promise.all([door.session(), door.parts()]);
  return {
    terminal: place.terminal,
    window: String(place.number),
    answers: session !== undefined,
    board: parts?.['board'] ?? null,
    network: parts?.['network'] ?? null,
    session: session ?? null,
  };
}

function sendPress(reply: FastifyReply, result: 'accepted' | 'refused' | 'unknown'): FastifyReply {
  switch (result) {
    case 'accepted':
      return reply.code(200).send({ result });
    case 'refused':
      return reply.code(409).send({ result, code: 'session-absent', hint: ERRORS['session-absent'].hint });
    case 'unknown':
      return reply.code(504).send({ result, code: 'press-unwitnessed', hint: ERRORS['press-unwitnessed'].hint });
  }
}
