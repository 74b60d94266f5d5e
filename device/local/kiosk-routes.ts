/** What the citizen's screen asks for. No answer holds a level. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { levelSchema, reasonCodesSchema } from '../../protocol/index.js';
import type { Counter } from '../counter/counter.js';
import { done } from './answer.js';
import type { Feed } from './feed.js';
import type { KioskView } from './kiosk-view.js';
import { readBody } from './request-bodies.js';
import type { Seal } from './seal.js';

const sealedBody = z.strictObject({ sealed: z.string().max(400) });
/** A screen of ours seals the level; in the clear it is taken from others that run on this machine. */
const pressBody = z.union([z.strictObject({ level: levelSchema }), sealedBody]);
/** A keypad that types into the page is a key like any other. */
const choiceSchema = z.object({ level: levelSchema, via: z.enum(['key', 'touch']).default('touch') });
const reasonsSchema = z.object({ codes: reasonCodesSchema });
const thingBody = z.strictObject({ index: z.int().min(0).max(99) });

export interface KioskRoutesParts {
  readonly counter: Counter;
  readonly seal: Seal;
  readonly view: () => KioskView;
  readonly feed: Feed<KioskView>;
}

export function kioskRoutes(scope: FastifyInstance, { counter, seal, view, feed }: KioskRoutesParts): void {
  scope.get('/v1/screen', async () => view());
  scope.get('/v1/screen/events', (_request, reply) => {
    // Hijacked after: a view that cannot be made is answered as any error.
    feed.follow(reply.raw, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    reply.hijack();
  });
  scope.post('/v1/press', async ({ body }) => {
    const asked = readBody(pressBody, body);
    const { level, via } = readBody(choiceSchema, 'sealed' in asked ? seal.open(asked.sealed) : asked);
    return done(counter.press(level, via));
  });
  scope.post('/v1/touch', async () => done(counter.touch()));
  scope.post('/v1/chord', async () => done(counter.chord()));
  scope.post('/v1/later', async () => done(counter.later()));
  scope.post('/v1/reasons/open', async () => done(counter.openReasons()));
  scope.post('/v1/reasons', async ({ body }) => {
    const { codes } = readBody(reasonsSchema, seal.open(readBody(sealedBody, body).sealed));
    return done(counter.chooseReasons(codes));
  });
  scope.post('/v1/thing', async ({ body }) => done(counter.openThing(readBody(thingBody, body).index)));
  scope.post('/v1/done', async () => done(counter.done()));
}
