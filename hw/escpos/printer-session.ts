/**
 * One connection to a printer, from its opening to its end: questions and their answers, and bytes out.
 * It is never used twice; the next connection is a new one. Every promise of it settles, at the latest with its end.
 */
import { openByteLink, type LinkAddress, type ByteLink } from '../link/byte-link.js';
import type { PrinterProfile } from '../profiles/printer-profile.js';
import {
  AnswerReader,
  AUTOMATIC_STATUS_ON,
  CONFIRMATION_QUESTION,
  printerReading,
  STATUS_QUESTIONS,
  statusQuestion,
  type PrinterAnswer,
  type PrinterReading,
} from './status-answers.js';

export interface PrinterSessionEvents {
  opened(): void;
  /** It told a change by itself; only where the profile says that it does. */
  changed(reading: PrinterReading): void;
  /** Once, and the last. */
  ended(reason: string): void;
}

export type Settled = 'yes' | 'timeout' | 'ended';

type Awaited = 'status' | 'confirmation' | 'accepted' | 'quiet' | 'end';

/** The answers to questions that stand next to each other in the printer's buffer come within this. */
const QUIET_MS = 300;
/** The longest length field of a command: xL xH yL yH of GS v 0. */
const LENGTH_FIELD_BYTES = 4;
const CLOSE_TIMEOUT_MS = 1_000;
/** The rest of a burst of noise comes within this; what looked like a confirmation was then part of it. */
const BURST_MS = 40;
/** A printer that goes on speaking noise is asked so often whether it is done with a slip. */
const MOST_QUESTIONS = 5;

export class PrinterSession {
  readonly #address: LinkAddress;
  readonly #profile: PrinterProfile;
  readonly #events: PrinterSessionEvents;
  readonly #reader = new AnswerReader();
  readonly #awaited = new Map<Awaited, (settled: Settled, byte?: number) => void>();
  #link: ByteLink | undefined;
  #reason: string | undefined;
  #ended = false;
  #reading: Promise<unknown> = Promise.resolve();
  /** Bytes so far that answer nothing, and confirmations that nobody waited for. They only grow. */
  #noise = 0;
  #surplus = 0;
  /** What it told last by itself. */
  #told: PrinterReading | undefined;

  constructor(address: LinkAddress, profile: PrinterProfile, events: PrinterSessionEvents) {
    this.#address = address;
    this.#profile = profile;
    this.#events = events;
  }

  start(): void {
    this.#link = openByteLink(this.#address, {
      opened: () => this.#opened(),
      received: (bytes) => this.#received(bytes),
      closed: (reason) => this.#finish(reason),
    });
  }

  get endedBecause(): string | undefined {
    return this.#ended ? this.#reason : undefined;
  }

  /** What the printer told by itself, if it ever did. */
  get told(): PrinterReading | undefined {
    return this.#told;
  }

  /** Asks all four questions, after those that are being asked already; `undefined` when one stays unanswered. */
  readStatus(): Promise<PrinterReading | undefined> {
    const reading = this.#reading.then(() => this.#askAll());
    this.#reading = reading;
    return reading;
  }

  /**
   * Sends a slip and asks for its confirmation; `yes`: all before was processed. The confirmation is one byte without a
   * mark of its own. Where other bytes came that answer nothing, it may be one of them: then it is asked for again, in
   * silence, until an answer stands alone.
   */
  async printConfirmed(bytes: Buffer): Promise<Settled> {
    const { status, timeouts } = this.#profile;
    const deadline = performance.now() + timeouts.confirmMs;
    const leftMs = () => Math.max(0, deadline - performance.now());
    let before = this.#noise + this.#surplus;
    const disturbed = () => this.#noise + this.#surplus !== before;
    // ESC @ at the head of a slip may have switched the automatic status off.
    const tail = status.automatic ? [AUTOMATIC_STATUS_ON, CONFIRMATION_QUESTION] : [CONFIRMATION_QUESTION];
    // One write: a status question from elsewhere must not fall between the bytes of a command.
    this.#write(Buffer.concat([bytes, ...tail]));
    for (let asked = 1; asked <= MOST_QUESTIONS; asked += 1) {
      const settled = await this.#settles('confirmation', leftMs());
      if (settled !== 'yes') return settled;
      await this.#settles('quiet', BURST_MS);
      if (!disturbed()) return 'yes';
      do {
        before = this.#noise + this.#surplus;
        if ((await this.#settles('quiet', QUIET_MS)) === 'ended') return 'ended';
      } while (disturbed() && leftMs() > 0);
      this.#write(CONFIRMATION_QUESTION);
    }
    return 'timeout';
  }

  /** Sends a slip; `yes`: the operating system has taken all bytes. */
  printAccepted(bytes: Buffer): Promise<Settled> {
    const accepted = this.#settles('accepted', this.#profile.timeouts.acceptMs);
    this.#write(bytes, () => this.#awaited.get('accepted')?.('yes'));
    return accepted;
  }

  /**
   * Waits until the printer has done with all that it holds from before, so that no old answer is taken for the
   * confirmation of a new slip. A printer that was cut off within a command still waits for the rest of it, and would
   * swallow what comes: `padding` NUL bytes, which do nothing by themselves, bring it to an end.
   */
  async settle(padding: number): Promise<boolean> {
    const { settleMs } = this.#profile.timeouts;
    const tries = [
      // Any other bytes than NUL could become the length of a command that was cut off within its length field.
      { bytes: Buffer.concat([Buffer.alloc(LENGTH_FIELD_BYTES), CONFIRMATION_QUESTION]), quietMs: QUIET_MS },
      { bytes: Buffer.concat([Buffer.alloc(padding), CONFIRMATION_QUESTION]), quietMs: settleMs },
    ];
    for (const { bytes, quietMs } of tries) {
      const noise = this.#noise;
      this.#write(bytes);
      if ((await this.#settles('confirmation', settleMs)) !== 'yes') continue;
      // That may have been the answer to an older question; then the one to ours is on its way.
      return (await this.#settles('quiet', quietMs)) === 'timeout' && this.#noise === noise;
    }
    return false;
  }

  /** NUL bytes for a printer that cannot be asked whether it waits for the rest of a command. */
  pad(padding: number): void {
    this.#write(Buffer.alloc(padding));
  }

  /** Sends what was written and closes; at once when that takes too long. Settles when nothing is open any more. */
  async close(reason: string): Promise<void> {
    if (this.#ended) return;
    this.#reason ??= reason;
    const end = this.#settles('end', CLOSE_TIMEOUT_MS);
    this.#link?.close();
    if ((await end) !== 'timeout') return;
    const forced = this.#settles('end', CLOSE_TIMEOUT_MS);
    this.destroy(reason);
    await forced;
  }

  /** Closes at once; `ended` follows. */
  destroy(reason: string): void {
    this.#reason ??= reason;
    this.#link?.destroy();
  }

  /** Four answers are four moments: offline without a cause may be a change between them, so it is asked again. */
  async #askAll(): Promise<PrinterReading | undefined> {
    const reading = await this.#askOnce();
    return reading?.fault && reading.online === 'offline' ? this.#askOnce() : reading;
  }

  async #askOnce(): Promise<PrinterReading | undefined> {
    const answers: number[] = [];
    const [noise, told] = [this.#noise, this.#told];
    // One at a time: the answers do not say which question they are to.
    for (const n of STATUS_QUESTIONS) {
      const answer = this.#settles('status', this.#profile.timeouts.answerMs, (byte) => answers.push(byte));
      this.#write(statusQuestion(n));
      if ((await answer) !== 'yes') return undefined;
    }
    // Amid noise any byte may look like an answer.
    if (this.#noise !== noise) return undefined;
    // It changed meanwhile, and some of these answers are from before that.
    if (this.#told !== told) return this.#told;
    const [printer = 0, offline = 0, error = 0, paper = 0] = answers;
    return printerReading([printer, offline, error, paper]);
  }

  #write(bytes: Buffer, written?: () => void): void {
    this.#link?.write(bytes, written);
  }

  #settles(awaited: Awaited, timeoutMs: number, take?: (byte: number) => void): Promise<Settled> {
    if (this.#ended) return Promise.resolve('ended');
    return new Promise((resolve) => {
      const patience = setTimeout(() => settle('timeout'), timeoutMs);
      const settle = (settled: Settled, byte?: number) => {
        clearTimeout(patience);
        this.#awaited.delete(awaited);
        if (byte !== undefined) take?.(byte);
        resolve(settled);
      };
      this.#awaited.set(awaited, settle);
    });
  }

  #opened(): void {
    // NUL bytes end a command that was cut off within its length field; any other could become that length.
    if (this.#profile.status.automatic) {
      this.#write(Buffer.concat([Buffer.alloc(LENGTH_FIELD_BYTES), AUTOMATIC_STATUS_ON]));
    }
    this.#events.opened();
  }

  #received(bytes: Uint8Array): void {
    for (const answer of this.#reader.push(bytes)) this.#take(answer);
  }

  #take(answer: PrinterAnswer): void {
    if (this.#ended) return;
    switch (answer.kind) {
      case 'noise':
        this.#noise += 1;
        return;
      case 'automatic':
        if (!this.#profile.status.automatic) return;
        this.#told = answer.reading;
        return this.#events.changed(answer.reading);
      case 'status':
        return this.#awaited.get('status')?.('yes', answer.byte);
      case 'confirmation': {
        const settle = this.#awaited.get('confirmation');
        if (settle) settle('yes');
        else this.#surplus += 1;
      }
    }
  }

  #finish(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason ??= reason;
    for (const settle of [...this.#awaited.values()]) settle('ended');
    this.#events.ended(this.#reason);
  }
}
