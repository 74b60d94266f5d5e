/** A command-line tool as a child process: its output in lines of bounded length, its end with a reason. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Command } from './gpiod-commands.js';

const LONGEST_LINE = 256;
/** The tools write whole lines; what has no end after so long is none of theirs, ms. */
const PIECE_MS = 50;
const LONGEST_COMPLAINT = 300;
/** gpioinfo has a row of about 80 characters for each line of the chip. */
const LONGEST_OUTPUT = 200_000;

export interface ToolEvents {
  /** One line of its output, without the line break; a piece where it is longer than 256 characters, or has no end. */
  line(text: string): void;
  /** It has ended, or could not be started; nothing comes after this. */
  ended(reason: string): void;
}

export class ToolProcess {
  readonly #command: Command;
  #child: ChildProcess | undefined;
  #events: ToolEvents | undefined;
  #line = '';
  #piece: NodeJS.Timeout | undefined;
  #complaint = '';
  #gone: (() => void)[] = [];

  constructor(command: Command) {
    this.#command = command;
  }

  start(events: ToolEvents): void {
    this.#events = events;
    const [program, ...args] = this.#command;
    let child: ChildProcess;
    try {
      // Its input stays open and empty: version 1 of gpioset holds its lines until it ends.
      child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    } catch (error) {
      // Few errors are thrown here rather than told as an event: no memory for another process.
      setImmediate(() => this.#close((error as Error).message));
      return;
    }
    this.#child = child;
    child.on('error', (error) => this.#close(error.message));
    child.on('close', (code, signal) => this.#close(`ended (${code ?? signal ?? 'unknown'})`));
    child.stdin?.on('error', () => undefined);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-LONGEST_COMPLAINT);
    });
  }

  /** Ends it at once: the tools have nothing to put away, and the kernel lets go of their lines. Told as ended. */
  end(): Promise<void> {
    const child = this.#child;
    if (!child || !this.#events) return Promise.resolve();
    return new Promise((resolve) => {
      this.#gone.push(resolve);
      child.kill('SIGKILL');
    });
  }

  #hear(text: string): void {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      const line = this.#line + text.slice(from, at);
      this.#line = '';
      from = at + 1;
      this.#events?.line(line.slice(0, LONGEST_LINE));
    }
    this.#line += text.slice(from);
    clearTimeout(this.#piece);
    if (this.#line.length > LONGEST_LINE) this.#flush();
    else if (this.#line !== '') this.#piece = setTimeout(() => this.#flush(), PIECE_MS);
  }

  #flush(): void {
    const piece = this.#line.slice(0, LONGEST_LINE);
    this.#line = '';
    this.#events?.line(piece);
  }

  #close(reason: string): void {
    const events = this.#events;
    this.#events = undefined;
    clearTimeout(this.#piece);
    const complaint = this.#complaint.trim().split('\n').at(-1) ?? '';
    events?.ended(complaint === '' ? `${this.#command.join(' ')}: ${reason}` : complaint);
    for (const resolve of this.#gone) resolve();
  }
}

/** What a tool that ends by itself has printed. */
export type ToolOutcome =
  { readonly ok: true; readonly output: string } | { readonly ok: false; readonly reason: string };

/** Runs a tool to its end, within `timeoutMs` and until `stopped`. Never rejects; settles when the process is gone. */
export function runTool(command: Command, timeoutMs: number, stopped: AbortSignal): Promise<ToolOutcome> {
  return new Promise((resolve) => {
    const [program, ...args] = command;
    let output = '';
    let complaint = '';
    let failure = '';
    const end = () => child.kill('SIGKILL');
    // Not by the option of spawn: it keeps its listener where the program cannot be started.
    const settle = (outcome: ToolOutcome) => {
      stopped.removeEventListener('abort', end);
      resolve(outcome);
    };
    const bounded = (kept: string, text: string) => (kept + text).slice(0, LONGEST_OUTPUT);
    let child: ChildProcess;
    try {
      child = spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      });
    } catch (error) {
      resolve({ ok: false, reason: (error as Error).message });
      return;
    }
    stopped.addEventListener('abort', end);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output = bounded(output, text)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint = bounded(complaint, text)));
    child.on('error', (error) => {
      failure = error.message;
      // A program that never ran does not close either.
      if (child.pid === undefined) settle({ ok: false, reason: failure });
    });
    child.on('close', (code, signal) => {
      const reasons = [complaint.trim().split('\n').at(-1)?.slice(-LONGEST_COMPLAINT), failure];
      const reason = reasons.find((text) => text !== undefined && text !== '');
      if (code === 0) settle({ ok: true, output });
      else settle({ ok: false, reason: reason ?? `${program} ended (${code ?? signal ?? 'unknown'})` });
    });
  });
}
