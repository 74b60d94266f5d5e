/** The control of a counter's virtual printer: its paper as a picture, and what ails it. */
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { call, jsonOf, NoAnswer, type LoopbackAnswer } from './loopback-call.js';

export type Paper = 'ok' | 'near-end' | 'out';

const slipsSchema = z.array(z.object({ n: z.number(), at: z.union([z.number(), z.string()]), complete: z.boolean() }));

/** The newest slip; `n` counts them. */
export interface NewestSlip {
  readonly n: number;
  readonly complete: boolean;
}

/** A picture of a long slip takes a moment to draw. */
const TIMEOUT_MS = 10_000;
const LOOK_TIMEOUT_MS = 1_000;

export class PrinterDoor {
  readonly #port: number;

  constructor(controlPort: number) {
    this.#port = controlPort;
  }

  /** The newest slip; 404 when there is none. @throws PjqError `printer-lost`. */
  paper(form: 'png' | 'txt'): Promise<LoopbackAnswer> {
    return this.#call('GET', `/paper.${form}`);
  }

  /** @throws PjqError `printer-lost`. */
  setPaper(paper: Paper): Promise<LoopbackAnswer> {
    return this.#call('POST', '/state', { paper });
  }

  /** `null` when nothing was printed yet; `undefined` while the printer's program does not answer. */
  async newestSlip(): Promise<NewestSlip | null | undefined> {
    try {
      const answer = await call({ port: this.#port, method: 'GET', path: '/slips', timeoutMs: LOOK_TIMEOUT_MS });
      const slips = slipsSchema.safeParse(jsonOf(answer)).data;
      if (slips === undefined) return undefined;
      const [first, ...others] = slips;
      if (first === undefined) return null;
      const { n, complete } = others.reduce((newest, slip) => (slip.n > newest.n ? slip : newest), first);
      return { n, complete };
    } catch (error) {
      if (error instanceof NoAnswer) return undefined;
      throw error;
    }
  }

  async #call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<LoopbackAnswer> {
    try {
      return await call({
        port: this.#port,
        method,
        path,
        timeoutMs: TIMEOUT_MS,
        ...(body === undefined ? {} : { body }),
      });
    } catch (cause) {
      if (!(cause instanceof NoAnswer)) throw cause;
      throw new PjqError('printer-lost', "the virtual printer's program", { cause });
    }
  }
}
