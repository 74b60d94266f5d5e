/** The control of a counter's virtual printer: its paper as a picture, and what ails it. */
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { askControl } from './device-control.js';
import { call, jsonOf, NoAnswer, type LoopbackAnswer } from './loopback-call.js';

export type Paper = 'ok' | 'near-end' | 'out';

const MOST_LINES = 10_000;

/** What a technician does to the printer. */
export const printerDeedSchema = z.union([
  z
    .strictObject({
      paper: z.enum(['ok', 'near-end', 'out']).optional(),
      cover: z.enum(['closed', 'open']).optional(),
      cutter: z.enum(['ok', 'error']).optional(),
      online: z.boolean().optional(),
      /** Paper runs out after so many further lines. */
      paperAfterLines: z.int().min(1).max(MOST_LINES).optional(),
    })
    .refine((state) => Object.keys(state).length > 0, 'must change something'),
  z.strictObject({ do: z.literal('garbage'), seed: z.int().min(0).max(0xffff_ffff).optional() }),
  z.strictObject({ do: z.literal('hang'), on: z.boolean() }),
]);
export type PrinterDeed = z.infer<typeof printerDeedSchema>;

const stateSchema = z.object({
  paper: z.enum(['ok', 'near-end', 'out']),
  cover: z.enum(['closed', 'open']),
  cutter: z.enum(['ok', 'error']),
  online: z.boolean(),
  stalled: z.boolean().default(false),
});

/** How the printer itself is, whatever its terminal knows of it. */
export interface PrinterTrouble {
  readonly paper: Paper;
  readonly cover: 'closed' | 'open';
  readonly cutter: 'ok' | 'error';
  readonly online: boolean;
  /** Connected, and neither reading nor saying anything. */
  readonly hung: boolean;
}

const slipsSchema = z.array(z.object({ n: z.number(), complete: z.boolean(), text: z.string() }));

/** A slip on the roll; `n` counts them from 1. */
export interface RollSlip {
  readonly n: number;
  readonly complete: boolean;
}

/** A slip and what stands on it. */
export interface PrintedSlip extends RollSlip {
  readonly text: string;
  /** Marked as a second print: 补打. */
  readonly again: boolean;
  /** What its QR code says, where that is a web address. */
  readonly address: string | null;
}

/** As the terminal marks a slip that may have come out before. */
const AGAIN_MARK = '补打';
const ADDRESS = /^\[QR (https?:\/\/\S+)\]$/m;

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

  /** @throws PjqError `printer-lost`, or what the printer's control refuses. */
  async do(deed: PrinterDeed): Promise<void> {
    const [path, body] = controlOf(deed);
    await askControl({ port: this.#port, method: 'POST', path, body, timeoutMs: TIMEOUT_MS }, 'printer-lost');
  }

  /** `undefined` while the printer's program does not answer. */
  async trouble(): Promise<PrinterTrouble | undefined> {
    const state = await this.#look('/state', stateSchema);
    if (state === undefined) return undefined;
    const { stalled, ...others } = state;
    return { ...others, hung: stalled };
  }

  /** The slips that the roll still has, oldest first; `undefined` while the printer's program does not answer. */
  async roll(): Promise<PrintedSlip[] | undefined> {
    const slips = await this.#look('/slips', slipsSchema);
    return slips
      ?.map((slip) => ({
        ...slip,
        again: slip.text.includes(AGAIN_MARK),
        address: ADDRESS.exec(slip.text)?.[1] ?? null,
      }))
      .sort((a, b) => a.n - b.n);
  }

  /** As `roll`. @throws PjqError `printer-lost`. */
  async slips(): Promise<PrintedSlip[]> {
    const slips = await this.roll();
    if (slips === undefined) throw new PjqError('printer-lost', "the virtual printer's program");
    return slips;
  }

  /** 404 when the roll has no such slip (any more). @throws PjqError `printer-lost`. */
  picture(n: number): Promise<LoopbackAnswer> {
    return this.#call('GET', `/slips/${n}.png`);
  }

  async #look<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | undefined> {
    try {
      const answer = await call({ port: this.#port, method: 'GET', path, timeoutMs: LOOK_TIMEOUT_MS });
      return schema.safeParse(jsonOf(answer)).data;
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

function controlOf(deed: PrinterDeed): [path: string, body: unknown] {
  if (!('do' in deed)) return ['/state', deed];
  switch (deed.do) {
    case 'garbage':
      return ['/garbage', deed.seed === undefined ? {} : { seed: deed.seed }];
    case 'hang':
      return ['/stall', { on: deed.on }];
  }
}
