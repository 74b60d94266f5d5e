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

export type PrinterAnswer =
  { readonly kind: 'status'; readonly byte: number } | { readonly kind: 'confirmation'; readonly byte: number };

/** The only answers to GS r 1: near-end sensor in bits 0 and 1, paper-end sensor in bits 2 and 3. */
const CONFIRMATIONS: ReadonlySet<number> = new Set([0x00, 0x03, 0x0c, 0x0f]);
/** An unsolicited status (ASB) is four bytes. The last three look like confirmations and must not be taken for one. */
const ASB_REST_BYTES = 3;

/** The fixed bits tell the kinds apart; what is of none is dropped. */
export class AnswerReader {
  #asbRest = 0;

  push(bytes: Uint8Array): PrinterAnswer[] {
    const answers: PrinterAnswer[] = [];
    for (const byte of bytes) {
      if ((byte & 0x93) === 0x12) {
        answers.push({ kind: 'status', byte });
      } else if ((byte & 0x93) === 0x10) {
        this.#asbRest = ASB_REST_BYTES;
      } else if (this.#asbRest > 0 && (byte & 0x90) === 0) {
        this.#asbRest -= 1;
      } else {
        this.#asbRest = 0;
        if (CONFIRMATIONS.has(byte)) answers.push({ kind: 'confirmation', byte });
      }
    }
    return answers;
  }
}

export interface PrinterReading {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly cover: 'closed' | 'open';
  readonly cutter: 'ok' | 'error';
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
  const out = (paper & 0x60) !== 0 || (offline & 0x20) !== 0;
  const open = (offline & 0x04) !== 0;
  const jammed = (error & 0x08) !== 0;
  const named = out || open || jammed;
  return {
    paper: out ? 'out' : (paper & 0x0c) !== 0 ? 'near-end' : 'ok',
    cover: open ? 'open' : 'closed',
    cutter: jammed ? 'error' : 'ok',
    fault: !named && ((printer & 0x08) !== 0 || (offline & 0x40) !== 0 || (error & 0x64) !== 0),
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
