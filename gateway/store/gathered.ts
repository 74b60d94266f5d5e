/**
 * Gathers what comes in one moment, and hands it over together: whoever waits for the disk waits once for all of it. While
 * the disk is waited for nothing is read, so that what came meanwhile comes in one turn of the event loop; a group begins
 * after all of that turn is here. Whoever comes while nothing was written of late waits for nothing else.
 */
import { setTimeout as afterMs } from 'node:timers/promises';
import { PjqError } from '../../protocol/index.js';
import type { Attempted } from './savepoint.js';

export interface GatheredLimits {
  /** So many a group at most: whoever else writes (the terminals' logs) waits no longer for it. */
  readonly most: number;
  /** How long nothing is written after a group, by how long that took: others write meanwhile. Default: not at all. */
  readonly restMs?: (tookMs: number) => number;
  /** How many may wait; whoever comes on top is to come again. Default: as many as come. */
  readonly mostWaiting?: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

export class Gathered<T, R> {
  readonly #work: (items: readonly T[]) => Promise<readonly Attempted<R>[]>;
  readonly #limits: GatheredLimits;
  readonly #waiting: Waiting<T, R>[] = [];
  #working = false;
  #restUntilMs = -Infinity;

  /** @param work one group at a time; answers each in its place. Where it rejects, so does each of the group. */
  constructor(work: (items: readonly T[]) => Promise<readonly Attempted<R>[]>, limits: GatheredLimits) {
    this.#work = work;
    this.#limits = limits;
  }

  /** @throws PjqError `gateway-busy` where as many wait as may. */
  add(item: T): Promise<R> {
    if (this.#waiting.length >= (this.#limits.mostWaiting ?? Infinity))
      return Promise.reject(new PjqError('gateway-busy'));
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#working) void this.#workOff();
    });
  }

  async #workOff(): Promise<void> {
    this.#working = true;
    while (this.#waiting.length > 0) {
      await this.#gather();
      const begunMs = performance.now();
      await this.#together(this.#waiting.splice(0, this.#limits.most));
      const endedMs = performance.now();
      this.#restUntilMs = endedMs + (this.#limits.restMs?.(endedMs - begunMs) ?? 0);
    }
    this.#working = false;
  }

  async #gather(): Promise<void> {
    const waitMs = this.#restUntilMs - performance.now();
    if (waitMs > 0 && this.#waiting.length < this.#limits.most) await afterMs(waitMs);
    // After what this turn of the loop still reads.
    await new Promise(setImmediate);
  }

  async #together(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const settled = await this.#work(group.map(({ item }) => item));
      group.forEach(({ resolve, reject }, at) => {
        const one = settled[at];
        if (one?.ok === true) resolve(one.value);
        else reject(one?.error);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
