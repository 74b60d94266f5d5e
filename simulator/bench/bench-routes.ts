/** What may be asked of a virtual counter, and what it answers; the list stands in `bench-control.ts`. */
import { z } from 'zod';
import { levelSchema } from '../../protocol/index.js';
import type { ControlAnswer, ReadBody } from '../process/loopback-control.js';
import { noiseBytes } from '../process/noise-bytes.js';
import type { BenchHand } from './bench-hand.js';
import type { BenchKeys } from './bench-keys.js';

export type BenchRoute = (read: ReadBody) => Promise<ControlAnswer> | ControlAnswer;

const MOST_HOLD_MS = 60_000;
const holdSchema = z.int().min(1).max(MOST_HOLD_MS).default(120);
const pressSchema = z.strictObject({ level: levelSchema, holdMs: holdSchema });
const keySchema = z.strictObject({ level: levelSchema, down: z.boolean() });
const chordSchema = z
  .strictObject({ levels: z.tuple([levelSchema, levelSchema]), holdMs: holdSchema })
  .refine(({ levels: [one, other] }) => one !== other, { path: ['levels'], message: 'must be two different levels' });
const bounceSchema = z.strictObject({
  on: z.boolean(),
  edges: z.int().min(1).max(40).default(6),
  spreadMs: z.int().min(1).max(100).default(5),
});
const garbageSchema = z.strictObject({
  length: z.int().min(1).max(4_096).default(32),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
});
const stallSchema = z.strictObject({ on: z.boolean() });

const done: ControlAnswer = { status: 200, body: { ok: true } };

export function benchRoutes(keys: BenchKeys, hand: BenchHand): Readonly<Record<string, BenchRoute>> {
  return {
    'GET /healthz': () => ({ status: 200, body: { ok: true, client: keys.hasClient } }),
    'GET /lamps': () => ({ status: 200, body: keys.lamps() }),
    // A number and never which: what is held down must not tell what was chosen.
    'GET /state': () => ({
      status: 200,
      body: {
        client: keys.hasClient,
        stalled: keys.stalled,
        bouncing: hand.bounces,
        heldKeys: keys.heldKeys,
      },
    }),
    'POST /press': async (read) => {
      const { level, holdMs } = await read(pressSchema);
      const accepted = await hand.press(level, holdMs);
      return accepted ? { status: 200, body: { accepted } } : { status: 504, body: { accepted, reason: 'no-lamp' } };
    },
    'POST /key': async (read) => {
      const { level, down } = await read(keySchema);
      hand.key(level, down);
      return done;
    },
    'POST /chord': async (read) => {
      const { levels, holdMs } = await read(chordSchema);
      await hand.chord(levels, holdMs);
      return done;
    },
    'POST /bounce': async (read) => {
      const { on, ...how } = await read(bounceSchema);
      hand.bounce(on ? how : undefined);
      return done;
    },
    'POST /garbage': async (read) => {
      const { length, seed } = await read(garbageSchema);
      keys.garbage(noiseBytes(length, seed));
      return done;
    },
    'POST /stall': async (read) => {
      keys.stall((await read(stallSchema)).on);
      return done;
    },
    'POST /reset': () => {
      keys.reset();
      return done;
    },
    'POST /drop': () => {
      keys.dropClient();
      return { status: 200, body: { dropped: true } };
    },
  };
}
