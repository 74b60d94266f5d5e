/** What a printer's status means for the terminal: whether it prints, and which trouble it is in. Pure. */
import type { LinkState } from '../../hw/ports/counter-board.js';
import type { PrinterStatus } from '../../hw/ports/receipt-printer.js';

/** `printer-fault`: it is there, but leaves questions unanswered or has a fault that it does not name. */
export type PrinterFault = 'cover-open' | 'cutter-error' | 'printer-offline' | 'printer-fault';

/** Whether a slip may be sent at all. What a printer does not tell keeps nothing from being printed. */
export function readyToPrint({ link, paper, cover, cutter, online }: PrinterStatus): boolean {
  return link !== 'lost' && paper !== 'out' && cover !== 'open' && cutter !== 'error' && online !== 'offline';
}

/**
 * A printer is offline for a cause. The cover comes before the paper, since most sensors see none under an open cover;
 * offline by itself it was put at its panel.
 */
export function faultOf({ link, paper, cover, cutter, online }: PrinterStatus): PrinterFault | null {
  if (link === 'lost') return null;
  if (cover === 'open') return 'cover-open';
  if (cutter === 'error') return 'cutter-error';
  if (paper === 'out') return null;
  if (online === 'offline') return 'printer-offline';
  return link === 'degraded' ? 'printer-fault' : null;
}

/** State and code of the printer as the log has them. */
export function troubleOf(status: PrinterStatus): { readonly state: LinkState; readonly code?: string } {
  if (status.link === 'lost') return { state: 'lost', code: 'printer-lost' };
  const fault = faultOf(status);
  if (fault !== null) return { state: 'degraded', ...(fault === 'printer-fault' ? {} : { code: fault }) };
  return status.paper === 'out' ? { state: 'degraded', code: 'paper-out' } : { state: status.link };
}
