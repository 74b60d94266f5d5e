/** A program of the comparison: started here, ended here by its number, and by nothing else. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export class OwnProcess {
  readonly name: string;
  readonly #start: () => ChildProcess;
  #child: ChildProcess | undefined;
  #said = '';
  /** Words that it has said and nobody has waited for yet. */
  readonly #words: Record<string, unknown>[] = [];

  private constructor(name: string, start: () => ChildProcess) {
    this.name = name;
    this.#start = start;
  }

  /** A program of the system, in a group of its own: some bring others with them. */
  static of(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): OwnProcess {
    return new OwnProcess(command, () =>
      spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...process.env, ...env } }),
    );
  }

  /** A program of ours, which says `ready` when it is. @param order what it is told, as JSON. */
  static ours(file: string, order: unknown, env: Readonly<Record<string, string>> = {}): OwnProcess {
    return new OwnProcess(file, () =>
      fork(file, [JSON.stringify(order)], {
        execArgv: ['--import', 'tsx'],
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, ...env },
      }),
    );
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start(): void {
    const child = this.#start();
    this.#child = child;
    const keep = (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-4_000));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.#words.length = 0;
    child.on('message', (message: Record<string, unknown>) => this.#words.push(message));
    child.on('error', (error) => (this.#said += error.message));
  }

  /** Waits until it says so. @returns what it said. @throws when it ends first, or not in time. */
  async said(word: string, timeoutMs = 120_000): Promise<Readonly<Record<string, unknown>>> {
    const child = this.#child;
    if (child === undefined) throw new Error(`${this.name} was not started`);
    const earlier = this.#words.find((one) => one['word'] === word);
    if (earlier !== undefined) return earlier;
    return new Promise((resolve, reject) => {
      const over = (end: () => void) => {
        clearTimeout(timer);
        child.off('message', heard);
        child.off('exit', died);
        end();
      };
      const heard = (message: Record<string, unknown>) => message['word'] === word && over(() => resolve(message));
      const died = () => over(() => reject(new Error(`${this.name} ended before it was ${word}: ${this.#said}`)));
      const timer = setTimeout(
        () => over(() => reject(new Error(`${this.name} was not ${word} within ${timeoutMs} ms: ${this.#said}`))),
        timeoutMs,
      );
      child.on('message', heard);
      child.on('exit', died);
      if (!this.running) died();
    });
  }

  tell(message: Readonly<Record<string, unknown>>): void {
    this.#child?.send(message);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it and what it has brought with it; at once, unless another signal is given. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || !this.running) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(late);
  }
}
