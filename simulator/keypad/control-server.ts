/**
 * The finger on a virtual keypad, over HTTP on the loopback; the same as that of a virtual board.
 *
 * POST /press {"level":1..5,"holdMs"?:120} moves the key down and up. 200 {"accepted":true} when the accepted lamp
 * was seen going on after the key moved; 504 {"accepted":false,"reason":"no-lamp"} when it was not in time.
 * POST /key {level, down} · POST /chord {levels:[a,b], holdMs?} · POST /bounce {on, edges?, spreadMs?} ·
 * POST /garbage {length?, seed?} · POST /stall {on} · POST /drop (cuts the cable) · POST /reset ·
 * GET /lamps · GET /state · GET /healthz
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { isPjqError, levelSchema, PjqError } from '../../protocol/index.js';
import { readJsonBody } from '../process/read-json-body.js';
import type { VirtualKeypad } from './virtual-keypad.js';

export interface ControlServerOptions {
  readonly keypad: VirtualKeypad;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long the accepted lamp is waited for, ms. */
  readonly lampTimeoutMs?: number;
}

const holdMsSchema = z.int().min(1).max(60_000).default(120);
const pressSchema = z.strictObject({ level: levelSchema, holdMs: holdMsSchema });
const keySchema = z.strictObject({ level: levelSchema, down: z.boolean() });
const chordSchema = z.strictObject({ levels: z.tuple([levelSchema, levelSchema]), holdMs: holdMsSchema });
const bounceSchema = z.strictObject({
  on: z.boolean(),
  edges: z.int().min(2).max(100).default(6),
  spreadMs: z.int().min(1).max(1_000).default(5),
});
const garbageSchema = z.strictObject({
  length: z.int().min(1).max(65_536).default(32),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
});
const switchSchema = z.strictObject({ on: z.boolean() });

const LAMP_TIMEOUT_MS = 3_000;
const MOST_BODY_BYTES = 1_024;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const DONE: Answer = { status: 200, body: { ok: true } };

export class ControlServer {
  readonly #options: ControlServerOptions;
  #server: Server | undefined;
  /** There is one finger: presses queue up behind each other. */
  #finger: Promise<void> = Promise.resolve();

  constructor(options: ControlServerOptions) {
    this.#options = options;
  }

  /** @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    const server = createServer((request, response) => {
      this.#answer(request).then(
        ({ status, body }) => send(response, status, body),
        (error: unknown) => {
          const known = isPjqError(error) ? error : new PjqError('internal', undefined, { cause: error });
          send(response, known.status, { code: known.code, detail: known.message });
        },
      );
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        resolve({ port: typeof address === 'object' && address !== null ? address.port : 0 });
      });
    });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { keypad } = this.#options;
    const read = <S extends z.ZodType>(schema: S) => readJsonBody(request, schema, MOST_BODY_BYTES);
    switch (`${request.method ?? ''} ${request.url ?? ''}`) {
      case 'GET /healthz':
        return { status: 200, body: { ok: true, client: keypad.hasClient } };
      case 'GET /lamps':
        return { status: 200, body: keypad.lamps() };
      case 'GET /state': {
        const { hasClient: client, stalled, bouncing, heldKeys } = keypad;
        return { status: 200, body: { client, stalled, bouncing, heldKeys } };
      }
      case 'POST /drop':
        keypad.dropClient();
        return { status: 200, body: { dropped: true } };
      case 'POST /reset':
        keypad.reset();
        return DONE;
      case 'POST /stall':
        keypad.stall((await read(switchSchema)).on);
        return DONE;
      case 'POST /bounce': {
        const { on, edges, spreadMs } = await read(bounceSchema);
        keypad.bounce(on ? { edges, spreadMs } : undefined);
        return DONE;
      }
      case 'POST /garbage': {
        const { length, seed } = await read(garbageSchema);
        keypad.garbage(seededBytes(length, seed));
        return DONE;
      }
      case 'POST /key': {
        const { level, down } = await read(keySchema);
        if (down) keypad.press(level);
        else keypad.release(level);
        return DONE;
      }
      case 'POST /chord': {
        const { levels, holdMs } = await read(chordSchema);
        await this.#inTurn(() => this.#chord(levels, holdMs));
        return DONE;
      }
      case 'POST /press': {
        const press = await read(pressSchema);
        const accepted = await this.#inTurn(() => this.#press(press));
        return accepted ? { status: 200, body: { accepted } } : { status: 504, body: { accepted, reason: 'no-lamp' } };
      }
      default:
        throw new PjqError('route-unknown');
    }
  }

  #inTurn<T>(move: () => { done: Promise<T>; idle: Promise<unknown> }): Promise<T> {
    const turn = this.#finger.then(move);
    // Closer together, two presses could make a chord, or one.
    this.#finger = turn.then(({ idle }) => idle).then(() => wait(this.#options.keypad.form.restMs));
    return turn.then(({ done }) => done);
  }

  #press({ level, holdMs }: z.infer<typeof pressSchema>): { done: Promise<boolean>; idle: Promise<unknown> } {
    const { keypad, lampTimeoutMs = LAMP_TIMEOUT_MS } = this.#options;
    const accepted = lampGoesOn(keypad, lampTimeoutMs);
    keypad.press(level);
    const up = wait(holdMs).then(() => keypad.release(level));
    // Idle once the key is up and this press is decided, so that no lamp is taken for another press's.
    return { done: accepted, idle: Promise.all([up, accepted]) };
  }

  #chord(levels: z.infer<typeof chordSchema>['levels'], holdMs: number): { done: Promise<void>; idle: Promise<void> } {
    const { keypad } = this.#options;
    for (const level of levels) keypad.press(level);
    const up = wait(holdMs).then(() => levels.forEach((level) => keypad.release(level)));
    return { done: up, idle: up };
  }
}

/** Whether the accepted lamp goes from dark to lit within the time; one that is lit already does not count. */
function lampGoesOn(keypad: VirtualKeypad, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const decide = (accepted: boolean) => {
      clearTimeout(timer);
      stopListening();
      resolve(accepted);
    };
    const timer = setTimeout(() => decide(false), timeoutMs);
    const stopListening = keypad.onLamp((lamp, lit) => {
      if (lamp === 'accepted' && lit) decide(true);
    });
  });
}

/** Mulberry32: the same seed gives the same bytes. */
function seededBytes(length: number, seed: number): Uint8Array {
  let state = seed | 0;
  return Uint8Array.from({ length }, () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
