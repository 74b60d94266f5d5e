/**
 * The printer behind its socket: a receive buffer whose commands are executed in order while it can print, and whose
 * status questions (DLE EOT) are answered the moment they arrive, even off line. What it holds when paper runs out it
 * goes on with after the reload, exactly where it was.
 */
import { readCommand } from './commands.js';
import { PaperRoll } from './paper-roll.js';
import {
  automaticStatus,
  canPrint,
  identity,
  READY,
  realTimeStatus,
  requestedStatus,
  type PrinterState,
} from './printer-state.js';
import { RealTimeWatch } from './real-time-watch.js';
import type { Band } from './slip.js';
import { Typesetter, type Question } from './typesetter.js';

/** Whoever sent bytes; answers go back to the one that asked. */
export interface Sender {
  send(bytes: Uint8Array): void;
}

export interface MechanismOptions {
  readonly widthDots: number;
  /** ms since 1970. */
  readonly now: () => number;
}

const KEPT_UNKNOWN = 100;

export class Mechanism {
  readonly roll: PaperRoll;
  readonly #typesetter: Typesetter;
  readonly #unknown: string[] = [];
  #state: PrinterState = READY;
  #paperAfterLines: number | undefined;
  #buffer: Uint8Array = new Uint8Array();
  #realTime = new RealTimeWatch();
  /** Where in the buffer each sender's bytes end, oldest first. */
  #origins: { end: number; sender: Sender }[] = [];
  /** Bytes of a command with an impossible length, still to come. */
  #swallow = 0;
  #executing: Sender | undefined;
  #automatic: { readonly sender: Sender; last: string } | undefined;

  constructor({ widthDots, now }: MechanismOptions) {
    this.roll = new PaperRoll(now);
    this.#typesetter = new Typesetter(widthDots, {
      printed: (band) => this.#printed(band),
      asked: (question) => this.#answer(question),
      unknown: (what) => {
        if (this.#unknown.length < KEPT_UNKNOWN) this.#unknown.push(what);
      },
    });
  }

  get state(): PrinterState {
    return this.#state;
  }

  get paperAfterLines(): number | undefined {
    return this.#paperAfterLines;
  }

  /** Commands that were not understood, oldest first; the first hundred. */
  get unknown(): readonly string[] {
    return this.#unknown;
  }

  get heldBytes(): number {
    return this.#buffer.length;
  }

  /** Whether it can go on printing; otherwise what comes is only held. */
  get isPrinting(): boolean {
    return canPrint(this.#state);
  }

  /** @param paperAfterLines paper runs out when so many lines (codes and pictures count as one) were printed. */
  change(state: Partial<PrinterState>, paperAfterLines?: number): void {
    if (paperAfterLines !== undefined) this.#paperAfterLines = paperAfterLines;
    else if (state.paper !== undefined) this.#paperAfterLines = undefined;
    this.#become({ ...this.#state, ...state });
    this.#run();
  }

  receive(bytes: Uint8Array, sender: Sender): void {
    for (const n of this.#realTime.find(bytes)) {
      const status = realTimeStatus(n, this.#state);
      if (status !== undefined) sender.send(Uint8Array.of(status));
    }
    const skipped = Math.min(this.#swallow, bytes.length);
    this.#swallow -= skipped;
    const joined = new Uint8Array(this.#buffer.length + bytes.length - skipped);
    joined.set(this.#buffer);
    joined.set(bytes.subarray(skipped), this.#buffer.length);
    this.#buffer = joined;
    this.#origins.push({ end: joined.length, sender });
    this.#run();
  }

  /** The connection is over: nothing is sent back to it; what it sent is still printed, as printers do. */
  left(sender: Sender): void {
    if (this.#automatic?.sender === sender) this.#automatic = undefined;
    // A new connection's first byte does not complete a DLE EOT of the last one's.
    this.#realTime = new RealTimeWatch();
  }

  #run(): void {
    let at = 0;
    while (this.isPrinting) {
      const read = readCommand(this.#buffer.subarray(at));
      if (!read) break;
      const end = at + read.length;
      this.#swallow = Math.max(0, end - this.#buffer.length);
      at = Math.min(end, this.#buffer.length);
      this.#executing = this.#origins.find((origin) => origin.end >= at)?.sender;
      this.#typesetter.execute(read.command);
    }
    this.#buffer = this.#buffer.slice(at);
    this.#origins = this.#origins.map(({ end, sender }) => ({ end: end - at, sender })).filter(({ end }) => end > 0);
    this.#executing = undefined;
  }

  #printed(band: Band): void {
    this.roll.add(band);
    if (this.#paperAfterLines === undefined || band.kind === 'cut') return;
    this.#paperAfterLines -= band.kind === 'feed' ? band.lines : 1;
    if (this.#paperAfterLines > 0) return;
    this.#paperAfterLines = undefined;
    this.#become({ ...this.#state, paper: 'out' });
  }

  #become(state: PrinterState): void {
    this.#state = state;
    const watched = this.#automatic;
    if (!watched) return;
    const status = automaticStatus(state);
    if (watched.last === status.join()) return;
    watched.last = status.join();
    watched.sender.send(status);
  }

  #answer(question: Question): void {
    const sender = this.#executing;
    if (!sender) return;
    switch (question.kind) {
      case 'automatic': {
        const status = automaticStatus(this.#state);
        this.#automatic = question.n === 0 ? undefined : { sender, last: status.join() };
        if (question.n !== 0) sender.send(status);
        return;
      }
      case 'status': {
        const status = requestedStatus(question.n, this.#state);
        if (status !== undefined) sender.send(Uint8Array.of(status));
        return;
      }
      case 'identity': {
        const answer = identity(question.n);
        if (answer) sender.send(answer);
        return;
      }
      case 'process':
        // Header 37H, identifier 22H, the four bytes that were sent, NUL.
        sender.send(Uint8Array.of(0x37, 0x22, ...question.id, 0));
    }
  }
}
