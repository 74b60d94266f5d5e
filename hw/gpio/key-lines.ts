/** The key lines of a chip: their state at the start by gpioget, then every edge by one gpiomon for all of them. */
import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import type { Bias } from './gpiod-commands.js';
import { isBanner, parseEdge, type LineEdge } from './gpiod-output.js';
import type { Gpiod } from './gpiod.js';
import type { ToolProcess } from './tool-process.js';

export interface KeyLinesEvents {
  /** The lines are watched from now on; `high` are those that were, just before. */
  began(high: readonly number[]): void;
  edge(edge: LineEdge): void;
  /** gpiomon printed something else. Nothing that it prints after this is told. */
  noise(): void;
  /** The lines cannot be watched, or not any more; told once, unless it was stopped. */
  ended(reason: string): void;
}

/** How long a gpiomon may take to have its lines, and how often that is asked where it does not say so, ms. */
const BEGIN_TIMEOUT_MS = 5_000;
const ASK_MS = 20;

export class KeyLines {
  readonly #gpiod: Gpiod;
  readonly #bias: Bias;
  readonly #lines: readonly number[];
  #events: KeyLinesEvents | undefined;
  #work: Promise<void> = Promise.resolve();
  #monitor: ToolProcess | undefined;
  #high: readonly number[] = [];
  #begun = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(gpiod: Gpiod, bias: Bias, lines: readonly number[]) {
    this.#gpiod = gpiod;
    this.#bias = bias;
    this.#lines = lines;
  }

  start(events: KeyLinesEvents): void {
    this.#events = events;
    this.#work = this.#watch();
  }

  /** Resolves when no process of it is left. */
  async stop(): Promise<void> {
    this.#events = undefined;
    clearTimeout(this.#patience);
    await this.#work;
    await this.#monitor?.end();
  }

  async #watch(): Promise<void> {
    // Before gpiomon has the lines: two programs cannot hold one line.
    const values = await this.#gpiod.read(this.#bias, this.#lines);
    if (!this.#events) return;
    if ('failed' in values) return this.#end(values.failed);
    this.#high = this.#lines.filter((_, index) => values[index]);
    const monitor = this.#gpiod.watch(this.#bias, this.#lines);
    this.#monitor = monitor;
    monitor.start({
      line: (text) => this.#hear(text),
      ended: (reason) => this.#end(reason),
    });
    this.#patience = setTimeout(() => this.#end('gpiomon does not take its lines'), BEGIN_TIMEOUT_MS);
    if (this.#gpiod.syntax === 'v1') await this.#awaitLines();
  }

  async #awaitLines(): Promise<void> {
    while (this.#awaits()) {
      if (await this.#gpiod.watched(this.#lines)) return this.#begin();
      await setTimeoutAsync(ASK_MS);
    }
  }

  #awaits(): boolean {
    return this.#events !== undefined && !this.#begun;
  }

  #hear(text: string): void {
    if (this.#gpiod.syntax === 'v2' && !this.#begun && isBanner(text)) return this.#begin();
    const edge = parseEdge(this.#gpiod.syntax, text);
    if (edge && this.#lines.includes(edge.line)) {
      this.#begin();
      this.#events?.edge(edge);
      return;
    }
    const events = this.#events;
    this.#events = undefined;
    clearTimeout(this.#patience);
    events?.noise();
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    clearTimeout(this.#patience);
    this.#events?.began(this.#high);
  }

  #end(reason: string): void {
    const events = this.#events;
    this.#events = undefined;
    clearTimeout(this.#patience);
    events?.ended(reason);
  }
}
