/** A program under test: the compiled one, as a process of its own, with its log lines read. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Where programs are taken from, unless a test says otherwise. */
export const CHECKOUT = resolve(import.meta.dirname, '../..');

export interface LogLine {
  readonly event?: string;
  readonly [key: string]: unknown;
}

export class Program {
  readonly name: string;
  readonly #args: readonly string[];
  readonly #program: string;
  readonly #root: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  /** Everything that it has said since the first start. */
  readonly lines: LogLine[] = [];
  readonly stderr: string[] = [];

  /**
   * @param options.program what is run, this Node where it is not said; relative to `options.root`, as the first of
   * `args` is.
   * @param options.root folder of the programs, the checkout where it is not said.
   * @param options.env further environment (a library to be loaded first, say).
   */
  constructor(
    name: string,
    args: readonly string[],
    options: { program?: string; root?: string; env?: Readonly<Record<string, string>> } = {},
  ) {
    this.name = name;
    this.#args = args;
    this.#root = options.root ?? CHECKOUT;
    this.#program = options.program === undefined ? process.execPath : resolve(this.#root, options.program);
    this.#env = options.env ?? {};
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it, and waits for its line `listening` unless told otherwise. */
  async start(options: { waitForListening?: boolean } = {}): Promise<LogLine | undefined> {
    const from = this.lines.length;
    const child = spawn(this.#program, this.#args, {
      cwd: this.#root,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PJQ_NODE: process.execPath, PJQ_PARENT_PIPE: '1', ...this.#env },
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      try {
        this.lines.push(JSON.parse(line) as LogLine);
      } catch {
        this.lines.push({ event: line });
      }
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.stderr.push(line));
    if (options.waitForListening === false) return undefined;
    return this.waitFor((line) => line.event === 'listening', from);
  }

  async waitFor(match: (line: LogLine) => boolean, from = 0, timeoutMs = 40_000): Promise<LogLine> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = this.lines.slice(from).find(match);
      if (found !== undefined) return found;
      if (!this.running) throw new Error(`${this.name} ended: ${this.stderr.slice(-12).join('\n')}`);
      if (Date.now() > until) throw new Error(`${this.name} did not say it: ${JSON.stringify(this.lines.slice(-5))}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends it at once, as a power cut of the process would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
  }

  /** Runs it to its end. @param options.input what it reads from standard input. */
  static async run(
    args: readonly string[],
    options: { root?: string; input?: string } = {},
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, args, {
      cwd: options.root ?? CHECKOUT,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }
}
