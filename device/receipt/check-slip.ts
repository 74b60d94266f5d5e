/** The slip of a self-check: what stands on it, and how it gets its turn at the printer. */
import type { PrintOutcome, Slip } from '../../hw/ports/receipt-printer.js';

/** Texts in the language of the staff; `code` becomes a QR code that the clerk may scan. */
export interface CheckSlipText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly code: string;
}

export function checkSlip({ title, lines, code }: CheckSlipText): Slip {
  return {
    lines: [
      { kind: 'text', text: title, align: 'center', size: 2, bold: true },
      { kind: 'rule' },
      ...lines.map((text) => ({ kind: 'text', text, align: 'left', size: 1, bold: false }) as const),
      { kind: 'qr', text: code },
    ],
  };
}

/**
 * One check slip that waits for its turn. It is no job of the log: it is a citizen's in no sense, and nothing of it
 * survives a restart. `take()` hands it out once; who has waited for too long gets `not-printed` and no slip later.
 */
export class WaitingCheckSlip {
  readonly slip: Slip;
  readonly outcome: Promise<PrintOutcome>;
  #settle: (outcome: PrintOutcome) => void = () => undefined;
  #open = true;

  constructor(text: CheckSlipText) {
    this.slip = checkSlip(text);
    this.outcome = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Whether it still waits; after the first call it does not. */
  take(): boolean {
    const open = this.#open;
    this.#open = false;
    return open;
  }

  settle(outcome: PrintOutcome): void {
    this.#settle(outcome);
  }

  /** It is not printed, unless it is at the printer already. */
  giveUp(reason: string): void {
    if (this.take()) this.settle({ outcome: 'not-printed', reason });
  }
}
