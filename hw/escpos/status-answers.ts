/**
 * What a printer says of itself: the questions, and their answers out of a stream that may hold anything else.
 * Pure. Source: Epson, ESC/POS Command Reference (DLE EOT, GS r, GS a).
 */

/** DLE EOT n, n from 1 to 4: printer, cause of being offline, cause of an error, paper. Answered at once. */
export const STATUS_QUESTIONS = [1, 2, 3, 4] as const;
export type StatusQuestion = (typeof STATUS_QUESTIONS)[number];

export function statusQuestion(n: StatusQuestion): Buffer {
  return Buffer.from([0x10, 0x04, n]);
}

/** GS r 1: the paper sensors, answered when all bytes before it have been processed. */
export const CONFIRMATION_QUESTION: Buffer = Buffer.from([0x1d, 0x72, 0x01]);

/** GS a: from now on it tells its status by itself, now and at every change of on-line, error and paper state. */
export const AUTOMATIC_STATUS_ON: Buffer = Buffer.from([0x1d, 0x61, 0b0000_1110]);

export type PrinterAnswer =
  | { readonly kind: 'status'; readonly byte: number }
  | { readonly kind: 'confirmation'; readonly byte: number }
  | { readonly kind: 'automatic'; readonly reading: PrinterReading }
  /** A byte that answers nothing. */
  | { readonly kind: 'noise'; readonly byte: number };

/** The only answers to GS r 1: near-end sensor in bits 0 and 1, paper-end sensor in bits 2 and 3. */
const CONFIRMATIONS: ReadonlySet<number> = new Set([0x00, 0x03, 0x0c, 0x0f]);
const XON = 0x11;
const XOFF = 0x13;
/** An automatic status is four bytes. The last three look like confirmations and must not be taken for one. */
const AUTOMATIC_BYTES = 4;

/** The fixed bits tell the kinds apart. It never holds more than three bytes. */
export class AnswerReader {
  #automatic: number[] = [];

  push(bytes: Uint8Array): PrinterAnswer[] {
    const answers: PrinterAnswer[] = [];
    for (const byte of bytes) {
      // Where the line does not use them, they mean nothing; they may stand between any two bytes.
      if (byte === XON || byte === XOFF) continue;
      // Answered at once, so they may stand within an automatic status.
      if ((byte & 0x93) === 0x12) answers.push({ kind: 'status', byte });
      else if ((byte & 0x93) === 0x10) this.#begin(byte, answers);
      else if (this.#automatic.length > 0 && (byte & 0x90) === 0) this.#goOn(byte, answers);
      else {
        this.#drop(answers);
        answers.push({ kind: CONFIRMATIONS.has(byte) ? 'confirmation' : 'noise', byte });
      }
    }
    return answers;
  }

  #begin(byte: number, answers: PrinterAnswer[]): void {
    this.#drop(answers);
    this.#automatic.push(byte);
  }

  #goOn(byte: number, answers: PrinterAnswer[]): void {
    this.#automatic.push(byte);
    if (this.#automatic.length < AUTOMATIC_BYTES) return;
    const [first = 0, error = 0, paper = 0] = this.#automatic.splice(0);
    answers.push({ kind: 'automatic', reading: automaticReading(first, error, paper) });
  }

  /** A status of less than four bytes says nothing. */
  #drop(answers: PrinterAnswer[]): void {
    for (const byte of this.#automatic.splice(0)) answers.push({ kind: 'noise', byte });
  }
}

export interface PrinterReading {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly cover: 'closed' | 'open';
  readonly cutter: 'ok' | 'error';
  readonly online: 'online' | 'offline';
  /** Offline, or in an error, for a cause that the other fields do not name. */
  readonly fault: boolean;
}

/** @param answers to the questions 1 to 4. */
export function printerReading([printer, offline, error, paper]: readonly [
  number,
  number,
  number,
  number,
]): PrinterReading {
  return reading({
    out: (paper & 0x60) !== 0 || (offline & 0x20) !== 0,
    low: (paper & 0x0c) !== 0,
    open: (offline & 0x04) !== 0,
    jammed: (error & 0x08) !== 0,
    offline: (printer & 0x08) !== 0,
    error: (offline & 0x40) !== 0 || (error & 0x64) !== 0,
  });
}

/** The first three bytes of an automatic status; the fourth is reserved. */
function automaticReading(first: number, error: number, paper: number): PrinterReading {
  return reading({
    out: (paper & 0x0c) !== 0,
    low: (paper & 0x03) !== 0,
    open: (first & 0x20) !== 0,
    jammed: (error & 0x08) !== 0,
    offline: (first & 0x08) !== 0,
    error: (error & 0x60) !== 0,
  });
}

function reading({
  out,
  low,
  open,
  jammed,
  offline,
  error,
}: Record<'out' | 'low' | 'open' | 'jammed' | 'offline' | 'error', boolean>): PrinterReading {
  const named = out || open || jammed;
  return {
    paper: out ? 'out' : low ? 'near-end' : 'ok',
    cover: open ? 'open' : 'closed',
    cutter: jammed ? 'error' : 'ok',
    online: offline ? 'offline' : 'online',
    fault: !named && (offline || error),
  };
}

/** Why nothing should be printed now, for the operator; `undefined` when it may. */
export function hindrance(reading: PrinterReading): string | undefined {
  if (reading.paper === 'out') return 'the printer has no paper';
  if (reading.cover === 'open') return 'the cover of the printer is open';
  if (reading.cutter === 'error') return 'the cutter of the printer is jammed';
  if (reading.fault) return 'the printer is offline or reports an error';
  return undefined;
}
