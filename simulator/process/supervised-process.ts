/** A program that runs for ever: whenever it ends it is started again, as systemd would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { retryDelayMs, type RetryPolicy } from '../../protocol/index.js';

export interface SupervisedProgram {
  readonly name: string;
  /** What is run, and its first arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly args: readonly string[];
  /** Standard output and error are added to it. */
  readonly logFile: string;
  /** Called after each start. */
  readonly onStarted?: () => void;
}

/** The first restart is quick: a part that was killed must not be missed for long. */
const RESTARTS: RetryPolicy = { initialMs: 100, factor: 2, capMs: 2_000, jitter: 0 };
/** Whoever ran this long has proven itself: its next restart is a first one again. */
const PROVEN_AFTER_MS = 10_000;
/** Longer than a program may take to stop is not waited. */
const STOP_GRACE_MS = 3_000;

export class SupervisedProcess {
  readonly #program: SupervisedProgram;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;
  #quickEnds = 0;
  #starts = 0;
  #logOffset = 0;

  constructor(program: SupervisedProgram) {
    this.#program = program;
  }

  get name(): string {
    return this.#program.name;
  }

  get logFile(): string {
    return this.#program.logFile;
  }

  /** `undefined` while it is down. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it was started; tells one run from the next. */
  get starts(): number {
    return this.#starts;
  }

  /** Where the present run begins in the log file, bytes. */
  get logOffset(): number {
    return this.#logOffset;
  }

  start(): void {
    this.#stopping = false;
    this.#run();
  }

  /** Asks it to end, and kills it when it does not. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await ended;
    clearTimeout(killer);
  }

  /** Ends it outright, as a power cut would; it is started again. @returns whether it ran. */
  kill(): boolean {
    return this.#child?.kill('SIGKILL') ?? false;
  }

  #run(): void {
    const { command, args, logFile, onStarted } = this.#program;
    const [program, ...firstArgs] = command;
    const log = openSync(logFile, 'a', 0o600);
    this.#logOffset = fstatSync(log).size;
    // The child watches the pipe on its standard input: it breaks when this process ends, however it ends.
    const child = spawn(program, [...firstArgs, ...args], {
      stdio: ['pipe', log, log],
      env: { ...process.env, PJQ_NODE: process.execPath, PJQ_PARENT_PIPE: '1' },
    });
    closeSync(log);
    const startedAtMs = performance.now();
    this.#child = child;
    this.#starts += 1;
    // A write is never made, but a child that ends may break the pipe under us.
    child.stdin?.on('error', () => undefined);
    // A spawn that failed is followed by 'close' like any other end.
    child.on('error', () => undefined);
    child.once('close', () => {
      this.#child = undefined;
      this.#ended(performance.now() - startedAtMs);
    });
    onStarted?.();
  }

  #ended(ranMs: number): void {
    if (this.#stopping) return;
    this.#quickEnds = ranMs >= PROVEN_AFTER_MS ? 1 : this.#quickEnds + 1;
    this.#restart = setTimeout(() => this.#run(), retryDelayMs(RESTARTS, this.#quickEnds, Math.random));
  }
}
