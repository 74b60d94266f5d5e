/**
 * Prints the slips that the log has queued, one at a time, oldest first. A job is in the log before it prints; what
 * became of it is an entry, too. A slip prints once; where nobody can tell whether it did, the next try is marked 补打.
 */
import { PjqError, retryDelayMs, type Clock, type RetryPolicy, type TerminalPolicy } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { PrinterStatus, PrintOutcome, ReceiptPrinter } from '../../hw/ports/receipt-printer.js';
import { receiptSlip } from '../core/receipt-slip.js';
import { SLIP_WORDS } from '../core/receipt-words.js';
import type { Timers } from '../timers.js';
import type { HallFacts } from '../hall-file.js';
import type { KnownService, ReceiptJob, ServiceBook } from '../log/service-book.js';
import type { PartFaults } from '../log/part-faults.js';
import type { SessionLog } from '../log/session-log.js';
import { WaitingCheckSlip, type CheckSlipText } from './check-slip.js';
import { faultOf, readyToPrint, troubleOf, type PrinterFault } from './printer-trouble.js';

/** A printer that is away or out of paper says so by its status; this is for one that says nothing. */
const TRY_AGAIN: RetryPolicy = { initialMs: 1_000, factor: 2, capMs: 15_000, jitter: 0 };
const MAX_COPIES = 99;
/** A slip that left in doubt so often is given up: paper is not thrown at a broken printer. */
const MAX_DOUBTS = 3;
/** A check is over long before; a slip that comes out later would only puzzle. */
const CHECK_PATIENCE_MS = 20_000;

export interface ReceiptDeskParts {
  readonly printer: ReceiptPrinter;
  /** Whether the printer ever tells what became of a slip. */
  readonly printerTells: boolean;
  readonly log: Pick<SessionLog, 'append'> & { onAppend(listener: () => void): void };
  readonly book: ServiceBook;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Where the printer's troubles are told. */
  readonly faults: Pick<PartFaults, 'tell'>;
  readonly facts: HallFacts;
  readonly policy: () => TerminalPolicy;
  readonly urlOf: (serviceId: string, openedAtMs: number) => string;
  /** When a wall clock moment was, as a citizen reads it. */
  readonly dateText: (wallMs: number) => string;
}

export class ReceiptDesk {
  readonly #parts: ReceiptDeskParts;
  readonly #listeners = new Set<() => void>();
  readonly #unwritten: RepeatedFault;
  #running = false;
  #busy = false;
  #failures = 0;
  #last: { readonly serviceId: string; readonly state: 'printing' | 'printed' | 'failed' } | null = null;
  #check: WaitingCheckSlip | undefined;
  /** The last slip was a check's: the next one is a citizen's if any waits. */
  #afterCheck = false;
  #cancelTry: () => void = () => undefined;

  constructor(parts: ReceiptDeskParts) {
    this.#parts = parts;
    this.#unwritten = new RepeatedFault(parts.logger, 'what became of a slip could not be recorded');
  }

  start(): void {
    this.#running = true;
    this.#parts.printer.start({ status: (status) => this.#heard(status) });
    this.#parts.log.onAppend(() => this.#wake());
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelTry();
    this.#check?.giveUp('the terminal is being stopped');
    await this.#parts.printer.stop();
  }

  get status(): PrinterStatus {
    return this.#parts.printer.status;
  }

  /** What keeps the printer from printing, other than that it is lost or has no paper. */
  get fault(): PrinterFault | null {
    return faultOf(this.status);
  }

  /** Hears when a slip's state or the printer's changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** What becomes of the newest slip of a service; `null` when it has none. */
  slipOf(serviceId: string): 'printing' | 'printed' | 'failed' | null {
    return this.#last?.serviceId === serviceId ? this.#last.state : null;
  }

  /**
   * Queues another slip of a service, marked 补打 when it is not the first.
   * @throws PjqError `service-unknown`, `log-write-failed`.
   */
  printAgain(serviceId: string): void {
    const { log, book } = this.#parts;
    if (book.service(serviceId) === null) throw new PjqError('service-unknown', serviceId);
    const copy = book.receiptCopies(serviceId) + 1;
    if (copy > MAX_COPIES) throw new PjqError('receipt-too-old', `${MAX_COPIES} slips of ${serviceId} were asked for`);
    log.append([{ kind: 'receipt', body: { serviceId, copy, occasion: 'again', state: 'queued' } }]);
  }

  /**
   * Prints the slip of a self-check when its turn comes: after the slip that is printing, and never twice in a row
   * while a citizen's waits. It never rejects. `not-printed` with the reason: at its turn when the printer cannot print,
   * at once when another check slip waits, after 20 s without a turn. Nothing of it stands in the log.
   */
  async printCheckSlip(text: CheckSlipText): Promise<PrintOutcome> {
    if (this.#check) return { outcome: 'not-printed', reason: 'another check slip waits' };
    if (!this.#running) return { outcome: 'not-printed', reason: 'the terminal is being stopped' };
    const check = new WaitingCheckSlip(text);
    this.#check = check;
    const cancel = this.#parts.timers.after(CHECK_PATIENCE_MS, () => check.giveUp('the printer was busy'));
    this.#wake();
    try {
      return await check.outcome;
    } finally {
      cancel();
      if (this.#check === check) this.#check = undefined;
    }
  }

  #heard(status: PrinterStatus): void {
    this.#record(status);
    this.#tell();
    if (readyToPrint(status)) {
      this.#failures = 0;
      this.#wake();
    }
  }

  #wake(): void {
    if (this.#busy || !this.#running) return;
    this.#cancelTry();
    // The press that woke this is answered first.
    this.#cancelTry = this.#parts.timers.after(0, () => {
      if (!this.#busy && this.#running) void this.#printNext();
    });
  }

  async #printNext(): Promise<void> {
    this.#busy = true;
    let again = false;
    try {
      const job = this.#parts.book.nextReceipt();
      const check = this.#check;
      this.#afterCheck = check !== undefined && (job === null || !this.#afterCheck);
      if (check !== undefined && this.#afterCheck) await this.#printCheck(check);
      else if (job !== null) again = await this.#print(job);
      again ||= this.#check !== undefined || check !== undefined;
      this.#unwritten.clear();
    } catch (error) {
      this.#unwritten.report(error);
      this.#tryLater();
    } finally {
      this.#busy = false;
    }
    if (again) this.#wake();
  }

  /** @returns whether the next job may be looked at now. */
  async #print(job: ReceiptJob): Promise<boolean> {
    const { book, clock, policy, printer } = this.#parts;
    const service = book.service(job.serviceId);
    const waitedMs = clock.wallMs() - job.queuedAtMs;
    const tooOld = service === null || waitedMs > policy().receipt.dropAfterMs;
    if (tooOld || job.doubts >= MAX_DOUBTS) {
      this.#finish(job, 'dropped', tooOld ? 'receipt-too-old' : 'printer-lost');
      this.#show(job, 'failed');
      return true;
    }
    if (!readyToPrint(printer.status)) {
      this.#show(job, 'failed');
      this.#tryLater();
      return false;
    }
    this.#show(job, 'printing');
    // From here on nobody can tell after a crash; before, the slip is certainly not on paper.
    book.startReceipt(job);
    const result = await printer.print(this.#slip(job, service));
    if ('unprintable' in result && result.unprintable !== undefined)
      this.#parts.logger.warn({ serviceId: job.serviceId, characters: result.unprintable }, 'shown as 〓 on a slip');
    switch (result.outcome) {
      case 'printed':
        this.#failures = 0;
        this.#finish(job, 'printed');
        this.#show(job, 'printed');
        return true;
      case 'unknown':
        // One that never tells is taken at its word when it took all of it; printing again would not make it tell.
        if (!this.#parts.printerTells && printer.status.link !== 'lost') {
          this.#finish(job, 'printed', 'printer-mute');
          this.#show(job, 'failed');
          return true;
        }
        this.#finish(job, 'in-doubt', 'printer-lost');
        this.#parts.logger.warn(
          { serviceId: job.serviceId, reason: result.reason },
          'nobody can tell whether a slip was printed',
        );
        break;
      case 'not-printed':
        book.forgetStart(job);
        this.#parts.logger.info({ serviceId: job.serviceId, reason: result.reason }, 'a slip waits for the printer');
        break;
    }
    this.#show(job, 'failed');
    this.#tryLater();
    return false;
  }

  async #printCheck(check: WaitingCheckSlip): Promise<void> {
    this.#check = undefined;
    // Whether it can print now the driver asks the printer itself.
    if (check.take()) check.settle(await this.#parts.printer.print(check.slip));
  }

  #slip(job: ReceiptJob, service: KnownService) {
    const { facts, urlOf, dateText } = this.#parts;
    const { serviceId, caseNo, matter } = service.facts;
    const said = {
      hall: facts.hall?.zh ?? null,
      window: service.window,
      caseNo,
      matter: matter?.label ?? matter?.name ?? null,
      staffNo: service.staffNo,
      openedAt: dateText(service.openedAtMs),
      // While its session is open a slip carries the code whether or not there is a press: the paper tells nothing (I6).
      url: service.rated ? null : urlOf(serviceId, service.openedAtMs),
      again: job.copy > 1 || job.doubts > 0,
    };
    return receiptSlip(said, SLIP_WORDS.zh);
  }

  #finish(job: ReceiptJob, state: 'printed' | 'in-doubt' | 'dropped', code?: string): void {
    const { serviceId, copy, occasion } = job;
    const body = { serviceId, copy, occasion, state, ...(code === undefined ? {} : { code }) };
    this.#parts.log.append([{ kind: 'receipt', body }]);
  }

  #tryLater(): void {
    this.#failures += 1;
    const delayMs = retryDelayMs(TRY_AGAIN, this.#failures, () => 0);
    this.#cancelTry();
    this.#cancelTry = this.#parts.timers.after(delayMs, () => this.#wake());
  }

  #show(job: ReceiptJob, state: 'printing' | 'printed' | 'failed'): void {
    this.#last = { serviceId: job.serviceId, state };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The printer's troubles, told to the log once a change. */
  #record(status: PrinterStatus): void {
    const { state, code } = troubleOf(status);
    this.#parts.faults.tell('printer', state, code);
  }
}
