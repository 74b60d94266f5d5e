/** A receipt printer that speaks ESC/POS: the real thing behind the port `ReceiptPrinter`. */
import type { LinkAddress } from '../link/byte-link.js';
import type { PrinterProfile } from '../profiles/printer-profile.js';
import type {
  PrinterStatus,
  PrintOutcome,
  ReceiptPrinter,
  ReceiptPrinterEvents,
  Slip,
} from '../ports/receipt-printer.js';
import { loadEncoder, type EncodeCommands } from './encode-commands.js';
import { PrinterSession } from './printer-session.js';
import { drawnSlipBytes, type SlipBytes } from './slip-bytes.js';
import { hindrance, type PrinterReading } from './status-answers.js';
import { loadTextDrawer, type TextDrawer } from './text-drawer.js';

export interface EscposPrinterOptions {
  readonly profile: PrinterProfile;
  /** From `parsePrinterAddress`. */
  readonly address: LinkAddress;
  /** Wait before the next try, ms; `attempt` counts the failures since the printer last served, from 1. */
  readonly nextDelayMs: (attempt: number) => number;
  /** Draws what the printer has no characters for; called when the first such slip comes. @param emDots two columns. */
  readonly loadDrawer?: (emDots: number) => Promise<TextDrawer>;
}

const LOST: PrinterStatus = {
  link: 'lost',
  paper: 'unknown',
  cover: 'unknown',
  cutter: 'unknown',
  online: 'unknown',
};
/** So many unanswered rounds of questions in a row are a lost printer. */
const MOST_MISSES = 3;
/** More than any command of ours: what a printer may lack of a command when the program that sent it is no more. */
const LONGEST_COMMAND_BYTES = 8_192;

export class EscposPrinter implements ReceiptPrinter {
  readonly #options: EscposPrinterOptions;
  #events: ReceiptPrinterEvents | undefined;
  #encoder: Promise<EncodeCommands> | undefined;
  #drawer: Promise<TextDrawer> | undefined;
  #session: PrinterSession | undefined;
  #status: PrinterStatus = LOST;
  #told = false;
  #lostBecause = 'the driver was not started';
  #attempt = 0;
  #misses = 0;
  #job: Promise<PrintOutcome> | undefined;
  /** Whether the printer is known to hold nothing from before this connection. */
  #settled = false;
  #settling: Promise<boolean> | undefined;
  /** Whether the last slip may have arrived in part. */
  #torn = false;
  /** The most that the printer may lack of a command. */
  #heldBytes = LONGEST_COMMAND_BYTES;
  #retryTimer: NodeJS.Timeout | undefined;
  #pollTimer: NodeJS.Timeout | undefined;

  constructor(options: EscposPrinterOptions) {
    this.#options = options;
  }

  get status(): PrinterStatus {
    return this.#status;
  }

  start(events: ReceiptPrinterEvents): void {
    if (this.#events) return;
    this.#events = events;
    this.#lostBecause = 'no connection yet';
    // Loading takes a good part of a second on a small board: not when a citizen waits. print() tells when it failed.
    this.#encoder ??= loadEncoder();
    this.#encoder.catch(() => undefined);
    this.#connect();
  }

  print(slip: Slip): Promise<PrintOutcome> {
    if (this.#job) return Promise.resolve(notPrinted('another slip is being printed'));
    const job = this.#print(slip).finally(() => (this.#job = undefined));
    this.#job = job;
    return job;
  }

  async stop(): Promise<void> {
    if (!this.#events) return;
    this.#events = undefined;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#pollTimer);
    await this.#session?.close('the driver was stopped');
    await this.#job;
    this.#session = undefined;
    this.#status = LOST;
    this.#told = false;
    this.#attempt = 0;
    this.#lostBecause = 'the driver was stopped';
  }

  #connect(): void {
    const session = new PrinterSession(this.#options.address, this.#options.profile, {
      opened: () => this.#opened(session),
      changed: (reading) => this.#heard(session, reading),
      ended: (reason) => this.#ended(reason),
    });
    this.#session = session;
    this.#misses = 0;
    this.#settled = false;
    this.#settling = undefined;
    session.start();
  }

  #opened(session: PrinterSession): void {
    if (this.#options.profile.status.realTime) return void this.#watch(session);
    this.#attempt = 0;
    this.#setStatus({ ...LOST, link: 'connected' });
    this.#settleEarly(session);
  }

  #ended(reason: string): void {
    this.#session = undefined;
    clearTimeout(this.#pollTimer);
    this.#lostBecause = reason;
    if (!this.#events) return;
    this.#setStatus(LOST);
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), this.#options.nextDelayMs(this.#attempt));
  }

  async #watch(session: PrinterSession): Promise<void> {
    const reading = await this.#readStatus(session);
    if (session !== this.#session || !this.#events) return;
    if (reading && hindrance(reading) === undefined) this.#settleEarly(session);
    this.#pollTimer = setTimeout(() => void this.#watch(session), this.#options.profile.status.pollMs);
  }

  /** Once a connection, before a citizen waits for it: it takes a third of a second. */
  #settleEarly(session: PrinterSession): void {
    if (this.#settling || this.#settled || this.#job || this.#options.profile.status.confirm !== 'gs-r') return;
    this.#settling = this.#settle(session);
  }

  async #settle(session: PrinterSession): Promise<boolean> {
    const settled = await session.settle(this.#heldBytes);
    if (session === this.#session) this.#settled = settled;
    return settled;
  }

  /** Reads the status, and tells it. */
  async #readStatus(session: PrinterSession): Promise<PrinterReading | undefined> {
    const reading = await session.readStatus();
    if (session !== this.#session) return undefined;
    if (reading) {
      this.#heard(session, reading);
      return reading;
    }
    this.#misses += 1;
    // With a slip on its way only its own time-out ends the connection: some answer nothing while they lack paper.
    if (this.#misses >= MOST_MISSES && !this.#job) session.destroy('the printer answers no more');
    else if (this.#status.link !== 'lost') this.#setStatus({ ...this.#status, link: 'degraded' });
    return undefined;
  }

  #heard(session: PrinterSession, { fault, ...told }: PrinterReading): void {
    if (session !== this.#session) return;
    this.#misses = 0;
    this.#attempt = 0;
    this.#setStatus({ link: fault ? 'degraded' : 'connected', ...told });
  }

  async #print(slip: Slip): Promise<PrintOutcome> {
    const { profile } = this.#options;
    const session = this.#session;
    if (!session || this.#status.link === 'lost') return notPrinted(`no printer: ${this.#lostBecause}`);
    let encoded: SlipBytes;
    try {
      this.#encoder ??= loadEncoder();
      encoded = await drawnSlipBytes(slip, profile, await this.#encoder, () => this.#loadDrawer());
    } catch (error) {
      return notPrinted(`the slip cannot be encoded: ${(error as Error).message}`);
    }
    const hindered = await this.#hindrance(session);
    if (hindered !== undefined) return notPrinted(hindered);
    this.#heldBytes = encoded.longestCommandBytes;
    this.#torn = true;
    const said = encoded.unprintable.length > 0 ? { unprintable: encoded.unprintable } : {};
    const confirms = profile.status.confirm === 'gs-r';
    const doubt = await (confirms ? this.#confirmed(session, encoded.bytes) : this.#accepted(session, encoded.bytes));
    this.#torn = doubt !== undefined;
    return doubt === undefined ? { outcome: 'printed', ...said } : { outcome: 'unknown', reason: doubt, ...said };
  }

  /** One that could not be loaded is not tried again: that would cost every slip the same time for nothing. */
  #loadDrawer(): Promise<TextDrawer> {
    const { profile, loadDrawer = loadTextDrawer } = this.#options;
    this.#drawer ??= loadDrawer((2 * profile.dotsPerLine) / profile.columns);
    return this.#drawer;
  }

  /** Why the slip is not sent at all. Nothing of it leaves before this is asked. */
  async #hindrance(session: PrinterSession): Promise<string | undefined> {
    const { realTime, confirm } = this.#options.profile.status;
    if (realTime) {
      const reading = await this.#readStatus(session);
      const reason = reading ? hindrance(reading) : (session.endedBecause ?? 'the printer does not answer');
      if (reason !== undefined) return reason;
    }
    const told = session.told;
    if (!realTime && told) {
      const reason = hindrance(told);
      if (reason !== undefined) return reason;
    }
    if (confirm === 'none' && this.#torn && !this.#settled) session.pad(this.#heldBytes);
    if (confirm === 'gs-r' && !this.#settled) {
      const settled = (await this.#settling) === true || (await this.#settle(session));
      if (!settled) return session.endedBecause ?? 'the printer still holds something from before';
    }
    this.#settled = true;
    return session.endedBecause;
  }

  /** @returns why nobody can tell what became of it; `undefined` when the printer said that it is done. */
  async #confirmed(session: PrinterSession, bytes: Buffer): Promise<string | undefined> {
    const settled = await session.printConfirmed(bytes);
    return settled === 'yes'
      ? undefined
      : this.#broken(session, settled, 'the printer did not confirm the slip in time');
  }

  /** The same for a printer that cannot confirm: it took all, and was well before and is well after. */
  async #accepted(session: PrinterSession, bytes: Buffer): Promise<string | undefined> {
    const settled = await session.printAccepted(bytes);
    if (settled !== 'yes') return this.#broken(session, settled, 'the printer did not take the slip in time');
    const { realTime, automatic } = this.#options.profile.status;
    if (!realTime && !automatic) return 'this printer cannot tell whether it printed';
    const after = realTime ? await this.#readStatus(session) : session.told;
    if (after) return hindrance(after);
    return session.endedBecause === undefined
      ? 'the printer does not answer after the slip'
      : `the connection broke: ${session.endedBecause}`;
  }

  #broken(session: PrinterSession, settled: 'timeout' | 'ended', late: string): string {
    if (settled === 'ended') return `the connection broke: ${session.endedBecause ?? 'unknown'}`;
    // An answer that comes later must not confirm another slip.
    session.destroy(late);
    return late;
  }

  #setStatus(status: PrinterStatus): void {
    const before = this.#status;
    this.#status = status;
    const same = (Object.keys(status) as (keyof PrinterStatus)[]).every((key) => status[key] === before[key]);
    if (same && this.#told) return;
    this.#told = true;
    this.#events?.status(status);
  }
}

function notPrinted(reason: string): PrintOutcome {
  return { outcome: 'not-printed', reason };
}
