/** The bench's hand on a program that holds terminals. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromLoad, LoadFigures, LoadOrder, ToLoad } from './load-messages.js';

export class Load {
  #child: ChildProcess | undefined;
  readonly #order: LoadOrder;

  constructor(order: LoadOrder) {
    this.#order = order;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the program and opens its logs; nothing is connected yet. */
  async start(): Promise<void> {
    this.#child = fork(join(import.meta.dirname, 'load-program.ts'), { execArgv: ['--import', 'tsx'] });
    await this.#ask({ type: 'open', order: this.#order }, 'ready');
  }

  /** Connects every terminal. @returns when the first began, ms since 1970. */
  async go(): Promise<number> {
    return (await this.#ask({ type: 'go' }, 'begun')).atMs;
  }

  async press(): Promise<void> {
    await this.#ask({ type: 'press' }, 'pressing');
  }

  /** Lets nobody press any more, waits until the gateway has told of everything, and ends it. */
  async end(): Promise<LoadFigures> {
    return (await this.#ask({ type: 'end' }, 'ended')).figures;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  #ask<T extends FromLoad['type']>(message: ToLoad, answer: T): Promise<Extract<FromLoad, { type: T }>> {
    const child = this.#child;
    if (child === undefined) throw new Error('the load was not started');
    return new Promise((resolve, reject) => {
      const over = () => {
        child.off('message', heard);
        child.off('exit', died);
      };
      const heard = (told: FromLoad) => {
        if (told.type !== answer) return;
        over();
        resolve(told as Extract<FromLoad, { type: T }>);
      };
      const died = (code: number | null, signal: string | null) => {
        over();
        reject(new Error(`the load ended (${code ?? signal}) before it was ${answer}`));
      };
      child.on('message', heard);
      child.on('exit', died);
      child.send(message);
    });
  }
}
