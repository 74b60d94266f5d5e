/** Routes of one counter: what happens there, and what a hand can do to it. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { caseNoSchema, ERRORS, isPjqError, levelSchema } from '../../protocol/index.js';
import type { ActionLog } from './action-log.js';
import { describeCounter } from './counter-description.js';
import { counterOf } from './counter-of.js';
import type { CounterPress, DemoHall } from './demo-hall.js';
import { readBody, sendAnswer } from './demo-problem.js';
import { matterOf, type DemoHallFacts } from './hall-facts.js';
import type { HallScreens } from './hall-screens.js';
import type { KioskHand, Touched } from './kiosk-hand.js';

export interface CounterRouteParts {
  readonly hall: DemoHall;
  readonly facts: DemoHallFacts;
  /** `undefined` where there is no Chromium: then the terminal is asked as its page would. */
  readonly hand: KioskHand | undefined;
  readonly screens: HallScreens;
  readonly actions: ActionLog;
}

const serviceSchema = z.strictObject({
  caseNo: caseNoSchema,
  matter: z.string().optional(),
  locally: z.boolean().default(false),
});
const levelBody = z.strictObject({ level: levelSchema });
const laterBody = z.strictObject({}).optional();

export function addCounterRoutes(server: FastifyInstance, parts: CounterRouteParts): void {
  const { hall, facts, hand, screens, actions } = parts;
  server.get('/api/terminals/:n', async (request) => describeCounter(counterOf(hall, request)));
  server.get('/api/terminals/:n/pages', async (request) => counterOf(hall, request).door.pages());
  server.post('/api/terminals/:n/service', async (request, reply) => {
    const { place, door } = counterOf(hall, request);
    const { caseNo, matter, locally } = readBody(serviceSchema, request.body);
    const service = { caseNo, ...(matter === undefined ? {} : { matter: matterOf(facts, matter) }) };
    const key = request.headers['idempotency-key'];
    const opening = { ...service, terminal: place.terminal };
    const done = actions.begin();
    const answer = locally
      ? await door.open(service)
      : await hall.gateway.open(opening, typeof key === 'string' ? key : undefined);
    if (answer.status < 400)
      done({
        open: {
          terminal: place.number,
          caseNo,
          ...(matter === undefined ? {} : { matter }),
          ...(locally ? { locally } : {}),
        },
      });
    return sendAnswer(reply, answer);
  });
  server.post('/api/terminals/:n/press', async (request, reply) => {
    const counter = counterOf(hall, request);
    const { level } = readBody(levelBody, request.body);
    const done = actions.begin();
    const result = await counter.press(level);
    // The key has moved, whatever came of it.
    done({ press: { terminal: counter.place.number, level, ...EXPECTED_AGAIN[result] } });
    return sendPress(reply, result);
  });
  server.post('/api/terminals/:n/touch', async (request, reply) => {
    const { place, door } = counterOf(hall, request);
    const { level } = readBody(levelBody, request.body);
    screens.refuseCut(place.number);
    const { kiosk } = door.pages();
    const done = actions.begin();
    const touched = await byHand(hand?.touch(place.number, kiosk, level), () => door.touch(level));
    if (touched.answer.status === 200) done({ touch: { terminal: place.number, level } });
    return sendTouched(reply, touched);
  });
  server.post('/api/terminals/:n/later', async (request, reply) => {
    const { place, door } = counterOf(hall, request);
    readBody(laterBody, request.body);
    screens.refuseCut(place.number);
    const { kiosk } = door.pages();
    const done = actions.begin();
    const touched = await byHand(hand?.later(place.number, kiosk), () => door.later());
    if (touched.answer.status === 200) done({ later: { terminal: place.number } });
    return sendTouched(reply, touched);
  });
}

/** What a scenario that presses again is to expect; without a word, that it is accepted. */
const EXPECTED_AGAIN: Readonly<Record<CounterPress, { readonly result?: 'refused' | 'any' }>> = {
  accepted: {},
  checked: {},
  refused: { result: 'refused' },
  unknown: { result: 'any' },
};

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

function sendPress(reply: FastifyReply, result: CounterPress): FastifyReply {
  switch (result) {
    case 'accepted':
    case 'checked':
      return reply.code(200).send({ result });
    case 'refused':
      return reply.code(409).send({ result, code: 'session-absent', hint: ERRORS['session-absent'].hint });
    case 'unknown':
      return reply.code(504).send({ result, code: 'press-unwitnessed', hint: ERRORS['press-unwitnessed'].hint });
  }
}
