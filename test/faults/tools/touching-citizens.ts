/**
 * Citizens who touch the screen: the terminal answers each press, so that a refused one is told from one whose answer
 * was lost. They open their services at the terminal and are quick: faults of disks need many commits.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Level } from '../../../protocol/index.js';
import type { Counter, Hall } from '../../support/hall.js';
import type { Seen } from '../fault-class.js';

export interface TouchingOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Case numbers begin with it. */
  readonly prefix: string;
  /** Between two citizens at a counter. */
  readonly pauseMs?: number;
}

export class TouchingCitizens {
  readonly seen: Seen[] = [];
  readonly #hall: Hall;
  readonly #options: TouchingOptions;
  #cases = 0;
  #on = false;
  #at: Promise<void>[] = [];

  constructor(hall: Hall, options: TouchingOptions) {
    this.#hall = hall;
    this.#options = options;
  }

  start(): void {
    this.#on = true;
    this.#at = this.#hall.counters.map(async (_, index) => {
      while (this.#on) {
        const one = await this.serve(index + 1);
        await wait(one === null ? 50 : (this.#options.pauseMs ?? 40));
      }
    });
  }

  /** Resolves once nobody is in the middle of a service. */
  async stop(): Promise<void> {
    this.#on = false;
    await Promise.all(this.#at);
  }

  /** One citizen. @returns what they were told; `null` where no service could be opened. */
  async serve(n: number, between: () => void | Promise<void> = () => undefined): Promise<Seen | null> {
    this.#cases += 1;
    const counter = this.#hall.counter(n);
    const level = (1 + Math.floor(this.#options.random() * 5)) as Level;
    const serviceId = await this.#hall.openLocally(n, `${this.#options.prefix}-${this.#cases}`).catch(() => null);
    if (serviceId === null) return null;
    await between();
    const one = { serviceId, terminal: counter.name, level, outcome: await this.#touch(counter, level) };
    this.seen.push(one);
    return one;
  }

  async #touch(counter: Counter, level: Level): Promise<Seen['outcome']> {
    try {
      const { status } = await this.#hall.local(counter, 'POST', '/v1/press', { level }, 'kiosk');
      return status === 200 ? 'accepted' : 'refused';
    } catch {
      return 'unknown';
    }
  }
}

/** Presses until one is accepted: rating goes on. @returns whether one was, within the time. */
export async function ratingGoesOn(citizens: TouchingCitizens, terminal: string, withinMs: number): Promise<boolean> {
  const from = citizens.seen.length;
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    const news = citizens.seen.slice(from);
    if (news.some((one) => one.terminal === terminal && one.outcome === 'accepted')) return true;
    await wait(20);
  }
  return false;
}
