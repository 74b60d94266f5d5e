/**
 * What a technician does to a counter's virtual board beside pressing a key. Which keys are stuck is known here, so
 * that they can be freed; what is told of them is how many they are, never which (I6).
 */
import { z } from 'zod';
import { levelSchema, type Level } from '../../protocol/index.js';
import { loggedNumber } from '../process/logged-field.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import { askControl } from './device-control.js';

const seedSchema = z.int().min(0).max(0xffff_ffff);

export const boardDeedSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('bounce'), on: z.boolean() }),
  z.strictObject({ do: z.literal('stick'), level: levelSchema, on: z.boolean() }),
  z.strictObject({ do: z.literal('free') }),
  z.strictObject({ do: z.literal('garbage'), seed: seedSchema.optional() }),
  z.strictObject({ do: z.literal('hang'), on: z.boolean() }),
  z.strictObject({ do: z.literal('reset') }),
  z.strictObject({
    do: z.literal('chord'),
    levels: z.tuple([levelSchema, levelSchema]).refine(([a, b]) => a !== b, 'must be two keys'),
  }),
]);
export type BoardDeed = z.infer<typeof boardDeedSchema>;

const stateSchema = z.object({ stalled: z.boolean(), bouncing: z.boolean() });

export interface BoardTrouble {
  /** How many keys are held down without end. */
  readonly stuck: number;
  readonly bouncing: boolean;
  /** Connected, and neither reading nor saying anything. */
  readonly hung: boolean;
}

const TIMEOUT_MS = 10_000;
const LOOK_TIMEOUT_MS = 1_000;
/** A finger that taps a key which nobody watches the lamp of. */
const TAP_MS = 150;

export class BoardBench {
  readonly #board: SupervisedProcess;
  /** Keys that are stuck, of one run of the board's program: another run starts with all keys up. */
  #stuck: { readonly run: number; readonly levels: Set<Level> } = { run: 0, levels: new Set() };

  constructor(board: SupervisedProcess) {
    this.#board = board;
  }

  /**
   * @returns what was done, step by step: freeing the keys is a step each.
   * @throws PjqError `board-lost`, or what the board's control refuses.
   */
  async do(deed: BoardDeed): Promise<Exclude<BoardDeed, { do: 'free' }>[]> {
    if (deed.do === 'free') {
      const steps = [...this.#held()].map((level) => ({ do: 'stick', level, on: false }) as const);
      for (const step of steps) await this.do(step);
      return steps;
    }
    const [path, body] = controlOf(deed);
    await this.#post(path, body);
    if (deed.do === 'stick') {
      if (deed.on) this.#held().add(deed.level);
      else this.#held().delete(deed.level);
    }
    return [deed];
  }

  /** Down and up again, with no eye on the lamp. @throws as `do`. */
  async tap(level: Level): Promise<void> {
    await this.#post('/key', { level, down: true });
    await new Promise((resolve) => setTimeout(resolve, TAP_MS));
    await this.#post('/key', { level, down: false });
  }

  /** `undefined` while the board's program does not answer. */
  async trouble(): Promise<BoardTrouble | undefined> {
    try {
      const port = loggedNumber(this.#board, 'controlPort');
      const answer = await askControl(
        { port, method: 'GET', path: '/state', timeoutMs: LOOK_TIMEOUT_MS },
        'board-lost',
      );
      const state = stateSchema.safeParse(answer).data;
      return state && { stuck: this.#held().size, bouncing: state.bouncing, hung: state.stalled };
    } catch {
      return undefined;
    }
  }

  #held(): Set<Level> {
    const { starts } = this.#board;
    if (this.#stuck.run !== starts) this.#stuck = { run: starts, levels: new Set() };
    return this.#stuck.levels;
  }

  async #post(path: string, body: unknown): Promise<void> {
    const port = loggedNumber(this.#board, 'controlPort');
    await askControl({ port, method: 'POST', path, body, timeoutMs: TIMEOUT_MS }, 'board-lost');
  }
}

function controlOf(deed: Exclude<BoardDeed, { do: 'free' }>): [path: string, body: unknown] {
  switch (deed.do) {
    case 'bounce':
      return ['/bounce', { on: deed.on }];
    case 'stick':
      return ['/key', { level: deed.level, down: deed.on }];
    case 'garbage':
      return ['/garbage', deed.seed === undefined ? {} : { seed: deed.seed }];
    case 'hang':
      return ['/stall', { on: deed.on }];
    case 'reset':
      return ['/reset', {}];
    case 'chord':
      return ['/chord', { levels: deed.levels }];
  }
}
