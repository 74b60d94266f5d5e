/** The technician's bench of a counter: what ails its board and its printer, its self-check, and who serves there. */
import type { FastifyInstance } from 'fastify';
import type { ActionLog } from './action-log.js';
import { boardDeedSchema } from './board-bench.js';
import { counterOf } from './counter-of.js';
import type { DemoHall } from './demo-hall.js';
import { readBody, sendAnswer } from './demo-problem.js';
import { printerDeedSchema } from './printer-door.js';
import { selfCheckCall, selfCheckDeedSchema } from './self-check-deed.js';
import { staffCall, staffDeedSchema } from './staff-deed.js';
import { PjqError } from '../../protocol/index.js';

export interface BenchRouteParts {
  readonly hall: DemoHall;
  readonly actions: ActionLog;
}

export function addBenchRoutes(server: FastifyInstance, { hall, actions }: BenchRouteParts): void {
  server.post('/api/terminals/:n/board', async (request) => {
    const { place, bench } = counterOf(hall, request);
    const deed = readBody(boardDeedSchema, request.body);
    const done = actions.begin();
    for (const step of await bench.do(deed)) done({ board: { terminal: place.number, ...step } });
    return { ok: true };
  });
  server.post('/api/terminals/:n/printer', async (request) => {
    const { place, printer } = counterOf(hall, request);
    const deed = readBody(printerDeedSchema, request.body);
    const done = actions.begin();
    await printer.do(deed);
    done({ printer: { terminal: place.number, ...deed } });
    return { ok: true };
  });
  server.post('/api/terminals/:n/staff', async (request, reply) => {
    const { place, door } = counterOf(hall, request);
    const deed = readBody(staffDeedSchema, request.body);
    const needsService = deed.do === 'cancel' || deed.do === 'invite';
    const serviceId = needsService ? (await door.session())?.serviceId : undefined;
    const done = actions.begin();
    const answer = await door.ask('staff', staffCall(deed, serviceId));
    if (answer.status < 400) done({ staff: { terminal: place.number, ...deed } });
    return sendAnswer(reply, answer);
  });
  server.get('/api/terminals/:n/self-check', async (request, reply) => {
    const desk = await counterOf(hall, request).door.desk();
    if (desk === undefined) throw new PjqError('unreachable');
    return reply.type('application/json').send(JSON.stringify(desk.selfCheck));
  });
  server.post('/api/terminals/:n/self-check', async (request, reply) => {
    const { place, door } = counterOf(hall, request);
    const deed = readBody(selfCheckDeedSchema, request.body);
    const running = (await door.desk())?.selfCheck?.running;
    const { role, what } = selfCheckCall(deed, running);
    const done = actions.begin();
    const answer = await door.ask(role, what);
    if (answer.status < 400) done({ 'self-check': { terminal: place.number, ...deed } });
    return sendAnswer(reply, answer);
  });
}
