/**
 * One connection to a printer, from its opening to its end: questions and their answers, and bytes out.
 * It is never used twice; the next connection is a new one. Every promise of it settles, at the latest with its end.
 */
import { openByteLink, type LinkAddress, type ByteLink } from '../link/byte-link.js';
import type { PrinterProfile } from '../profiles/printer-profile.js';
import {
  AnswerReader,
  CONFIRMATION_QUESTION,
  printerReading,
  STATUS_QUESTIONS,
  statusQuestion,
  type PrinterReading,
} from './status-answers.js';

export interface PrinterSessionEvents {
  opened(): void;
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

  constructor(address: LinkAddress, profile: PrinterProfile, events: PrinterSessionEvents) {
    this.#address = address;
    this.#profile = profile;
    this.#events = events;
  }

  start(): void {
    this.#link = openByteLink(this.#address, {
      opened: () => this.#events.opened(),
      received: (bytes) => this.#received(bytes),
      closed: (reason) => this.#finish(reason),
    });
  }

  get endedBecause(): string | undefined {
    return this.#ended ? this.#reason : undefined;
  }

  /** Asks all four questions, after those that are being asked already; `undefined` when one stays unanswered. */
  readStatus(): Promise<PrinterReading | undefined> {
    const reading = this.#reading.then(() => this.#askAll());
    this.#reading = reading;
    return reading;
  }

  /** Sends a slip and asks for its confirmation; `yes`: all before was processed. */
  printConfirmed(bytes: Buffer): Promise<Settled> {
    // One write: a status question from elsewhere must not fall between the bytes of a command.
    this.#write(Buffer.concat([bytes, CONFIRMATION_QUESTION]));
    return this.#settles('confirmation', this.#profile.timeouts.confirmMs);
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
      this.#write(bytes);
      if ((await this.#settles('confirmation', settleMs)) !== 'yes') continue;
      // That may have been the answer to an older question; then the one to ours is on its way.
      return (await this.#settles('quiet', quietMs)) === 'timeout';
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

  async #askAll(): Promise<PrinterReading | undefined> {
    const answers: number[] = [];
    // One at a time: the answers do not say which question they are to.
    for (const n of STATUS_QUESTIONS) {
      const answer = this.#settles('status', this.#profile.timeouts.answerMs, (byte) => answers.push(byte));
      this.#write(statusQuestion(n));
      if ((await answer) !== 'yes') return undefined;
    }
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

  #received(bytes: Uint8Array): void {
    for (const { kind, byte } of this.#reader.push(bytes)) this.#awaited.get(kind)?.('yes', byte);
  }

  #finish(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason ??= reason;
    for (const settle of [...this.#awaited.values()]) settle('ended');
    this.#events.ended(this.#reason);
  }
}
