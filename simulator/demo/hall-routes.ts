/** Routes of the hall as a whole: what it looks like, the simulator's truth, cables and processes. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import type { ActionLog } from './action-log.js';
import { truthOf, type CentreDoor } from './centre-door.js';
import type { DemoHall } from './demo-hall.js';
import { readBody } from './demo-problem.js';
import type { HallScreens } from './hall-screens.js';
import type { HallWatch } from './hall-watch.js';
import { COUNTER_PARTS, HALL_PARTS, type HallWires } from './hall-wires.js';

export interface HallRouteParts {
  readonly hall: DemoHall;
  readonly wires: HallWires;
  readonly centre: CentreDoor;
  readonly watch: HallWatch;
  readonly screens: HallScreens;
  readonly actions: ActionLog;
}

const switchBody = z.strictObject({
  part: z.enum([...HALL_PARTS, ...COUNTER_PARTS, 'screen']),
  terminal: z.int().min(1).optional(),
  state: z.enum(['on', 'cut']),
});

/** So that a page learns soon that the demo has ended, and a proxy that it has not. */
const BEAT_MS = 5_000;

export function addHallRoutes(server: FastifyInstance, parts: HallRouteParts): void {
  const { hall, wires, centre, watch, screens, actions } = parts;
  server.get('/api/processes', async () => hall.processes());
  server.get('/api/ready', async (_request, reply) => {
    const missing = await hall.missing();
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
  });
  server.get('/api/hall', async () => watch.view());
  server.get('/api/events', async (_request, reply) => stream(reply, watch));
  server.get('/api/truth', async () => {
    const ledger = await centre.ledger();
    if (ledger === undefined) throw new PjqError('centre-unreachable');
    return truthOf(ledger);
  });
  server.post('/api/switches', async (request) => {
    const { part, terminal, state } = readBody(switchBody, request.body);
    const done = actions.begin();
    if (part !== 'screen') wires.set(part, terminal, state);
    else if (terminal !== undefined) await screens.set(terminal, state);
    else throw new PjqError('request-malformed', 'terminal: is needed for screen');
    done({ switch: { part, ...(terminal === undefined ? {} : { terminal }), state } });
    return { ok: true };
  });
  server.post('/api/processes/:name/kill', async ({ params }: FastifyRequest) => {
    const { name } = params as { name: string };
    const done = actions.begin();
    const killed = hall.kill(name);
    if (killed === undefined) throw new PjqError('route-unknown', `no process ${JSON.stringify(name)}`);
    if (killed) done({ kill: name });
    return { ok: true, killed };
  });
}

/** Server-sent events: each `data` is the whole view, as GET /api/hall has it. */
function stream(reply: FastifyReply, watch: HallWatch): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.write('retry: 500\n\n');
  const unsubscribe = watch.subscribe((text) => void raw.write(`data: ${text}\n\n`));
  const beat = setInterval(() => void raw.write(': beat\n\n'), BEAT_MS);
  raw.on('close', () => {
    clearInterval(beat);
    unsubscribe();
  });
}
