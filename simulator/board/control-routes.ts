/** What may be asked of a virtual counter, and what it answers; the list stands in `control-server.ts`. */
import { z } from 'zod';
import { levelSchema } from '../../protocol/index.js';
import type { BenchHand } from './bench-hand.js';
import { noiseBytes } from './noise-bytes.js';
import type { VirtualBoard } from './virtual-board.js';

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** @throws PjqError `request-malformed` or `request-too-large`. */
export type ReadBody = <Schema extends z.ZodType>(schema: Schema) => Promise<z.output<Schema>>;
export type ControlRoute = (read: ReadBody) => Promise<ControlAnswer> | ControlAnswer;

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

export function controlRoutes(board: VirtualBoard, hand: BenchHand): Readonly<Record<string, ControlRoute>> {
  return {
    'GET /healthz': () => ({ status: 200, body: { ok: true, client: board.hasClient } }),
    'GET /lamps': () => ({ status: 200, body: board.lamps() }),
    // A number and never which: what is held down must not tell what was chosen.
    'GET /state': () => ({
      status: 200,
      body: {
        client: board.hasClient,
        stalled: board.stalled,
        bouncing: hand.bounces,
        heldKeys: board.heldKeys,
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
      board.garbage(noiseBytes(length, seed));
      return done;
    },
    'POST /stall': async (read) => {
      board.stall((await read(stallSchema)).on);
      return done;
    },
    'POST /reset': () => {
      board.reset();
      return done;
    },
    'POST /drop': () => {
      board.dropClient();
      return { status: 200, body: { dropped: true } };
    },
  };
}
