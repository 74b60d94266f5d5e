/**
 * The port of what puts a slip on paper.
 *
 * Contract
 * - `start()` returns at once; the printer is found and found again for ever. Losing it is a state, never an error.
 * - No event comes before `start()` or after the promise of `stop()` has settled. `status` comes when it changed.
 * - `print()` never rejects, and settles in bounded time (the profile's). One job at a time: a second is `not-printed`.
 * - `not-printed` is certain: not one byte of the slip has left, so the same slip may be asked for again, unmarked.
 *   A printer that is lost, has no paper, stands open or has a jammed cutter is such a case, at once.
 * - `unknown`: bytes have left, and nobody can tell what became of them. The next try must be marked 补打.
 *   A printer that can tell nothing (no status, no confirmation) always ends here.
 * - `printed`: the printer confirmed it; or it cannot confirm, took all bytes, and its status was good before and after.
 * - Paper that runs out in a job does not end it: the printer holds the rest, and the job ends when it is loaded again.
 * - What a printer's characters cannot say is drawn as a picture where a font has it; else it is shown as 〓 and listed
 *   in `unprintable`, never lost silently.
 */
import type { LinkState } from './counter-board.js';

export interface Slip {
  readonly lines: readonly SlipLine[];
}

/** A cut is implied at the end. A line break in a text is one on the paper. */
export type SlipLine =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align: 'left' | 'center' | 'right';
      readonly size: 1 | 2;
      readonly bold: boolean;
    }
  | { readonly kind: 'pair'; readonly left: string; readonly right: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'feed'; readonly lines: number };

/** `degraded`: it is there, but leaves questions unanswered, or has a fault that the other fields do not name. */
export interface PrinterStatus {
  readonly link: LinkState;
  readonly paper: 'ok' | 'near-end' | 'out' | 'unknown';
  readonly cover: 'closed' | 'open' | 'unknown';
  readonly cutter: 'ok' | 'error' | 'unknown';
  /** What the printer says of itself; for whatever cause, so with an open cover or without paper it is offline, too. */
  readonly online: 'online' | 'offline' | 'unknown';
}

/** `reason` is for the operator. `unprintable`: characters (or a QR code) that the paper shows otherwise. */
export type PrintOutcome =
  | { readonly outcome: 'printed'; readonly unprintable?: readonly string[] }
  | { readonly outcome: 'not-printed'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string; readonly unprintable?: readonly string[] };

export interface ReceiptPrinterEvents {
  status(status: PrinterStatus): void;
}

export interface ReceiptPrinter {
  start(events: ReceiptPrinterEvents): void;
  print(slip: Slip): Promise<PrintOutcome>;
  readonly status: PrinterStatus;
  stop(): Promise<void>;
}
