/**
 * The hand at the virtual printer and the eye on its paper, over HTTP on the loopback.
 *
 * GET /healthz · GET /paper.png, /paper.txt (the newest slip; 404 while there is none) ·
 * GET /slips (oldest first, each with its text) · GET /slips/{n}.png, /slips/{n}.txt · GET /state ·
 * POST /state (any of paper, cover, cutter, online, paperAfterLines) · POST /drop (cuts the cable) ·
 * POST /garbage {length?, seed?} (says noise) · POST /stall {on} (hangs: the connection stays, nothing is read or said)
 */
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { LoopbackControl, type ControlAnswer, type ReadBody } from '../process/loopback-control.js';
import { noiseBytes } from '../process/noise-bytes.js';
import type { Mechanism } from './mechanism.js';
import type { PrinterState } from './printer-state.js';
import type { SlipPicture } from './slip-picture.js';
import { slipText } from './slip-text.js';
import type { VirtualPrinter } from './virtual-printer.js';

export interface ControlServerOptions {
  readonly printer: VirtualPrinter;
  readonly mechanism: Mechanism;
  readonly picture: SlipPicture;
  /** 0 takes a free one. */
  readonly port: number;
}

const MOST_LINES = 10_000;

const stateSchema = z.strictObject({
  paper: z.enum(['ok', 'near-end', 'out']).optional(),
  cover: z.enum(['closed', 'open']).optional(),
  cutter: z.enum(['ok', 'error']).optional(),
  online: z.boolean().optional(),
  /** Paper runs out after so many further lines. */
  paperAfterLines: z.int().min(1).max(MOST_LINES).optional(),
});

const garbageSchema = z.strictObject({
  length: z.int().min(1).max(65_536).default(32),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
});
const stallSchema = z.strictObject({ on: z.boolean() });

export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #http: LoopbackControl;

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#http = new LoopbackControl({ port: options.port, answer: (route, read) => this.#answer(route, read) });
  }

  /** @returns the port that was taken. */
  start(): Promise<{ port: number }> {
    return this.#http.start();
  }

  stop(): Promise<void> {
    return this.#http.stop();
  }

  async #answer(route: string, read: ReadBody): Promise<ControlAnswer> {
    const { mechanism, printer } = this.#options;
    const slip = /^GET \/(?:paper|slips\/(\d{1,9}))\.(png|txt)$/.exec(route);
    if (slip) return this.#paper(slip[1], slip[2] === 'png');
    switch (route) {
      case 'GET /healthz':
        return json({ ok: true, client: printer.hasClient });
      case 'GET /slips':
        return json(
          mechanism.roll.slips.map((one) => ({ n: one.n, at: one.at, complete: one.complete, text: slipText(one) })),
        );
      case 'GET /state':
        return json(this.#state());
      case 'POST /state': {
        const { paperAfterLines, ...state } = await read(stateSchema);
        mechanism.change(withoutUndefined(state), paperAfterLines);
        printer.resume();
        return json(this.#state());
      }
      case 'POST /drop':
        printer.drop();
        return json({ dropped: true });
      case 'POST /garbage': {
        const { length, seed } = await read(garbageSchema);
        return json({ heard: printer.say(noiseBytes(length, seed)) });
      }
      case 'POST /stall': {
        printer.stall((await read(stallSchema)).on);
        return json(this.#state());
      }
      default:
        throw new PjqError('route-unknown');
    }
  }

  async #paper(number: string | undefined, asPicture: boolean): Promise<ControlAnswer> {
    const { mechanism, picture } = this.#options;
    const slip = number === undefined ? mechanism.roll.newest : mechanism.roll.slip(Number(number));
    if (!slip) throw new PjqError('route-unknown', 'No such slip is there (yet, or any more).');
    if (asPicture) return { status: 200, type: 'image/png', body: await picture.png(slip) };
    return { status: 200, type: 'text/plain; charset=utf-8', body: slipText(slip) };
  }

  #state() {
    const { mechanism, printer } = this.#options;
    const { heldBytes, unknown, paperAfterLines = null } = mechanism;
    return {
      ...mechanism.state,
      paperAfterLines,
      heldBytes,
      client: printer.hasClient,
      waiting: printer.waiting,
      stalled: printer.isStalled,
      unknown,
    };
  }
}

function withoutUndefined(state: z.infer<typeof stateSchema>): Partial<PrinterState> {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

function json(body: unknown): ControlAnswer {
  return { status: 200, body };
}
