/** Looks at how the parts are that the terminal watches all the time: board, keypad, screen, printer. */
import type { LinkState } from '../../hw/ports/counter-board.js';
import type { PrinterStatus } from '../../hw/ports/receipt-printer.js';
import { absent, finding, type Probe } from './probe.js';

/** A printer's status; `online` where its driver tells. */
export type CheckedPrinter = Pick<PrinterStatus, 'link' | 'paper' | 'cover' | 'cutter'> & {
  readonly online?: 'online' | 'offline' | 'unknown';
};

export interface PartsProbeParts {
  readonly board: () => LinkState | 'absent';
  /** `degraded`: one is held down without end. */
  readonly keys: () => LinkState | 'absent';
  readonly keypad: () => LinkState | 'absent';
  readonly screen: () => LinkState;
  /** `null`: there is no printer. */
  readonly printer: () => CheckedPrinter | null;
}

export function partsProbe(parts: PartsProbeParts): Probe {
  return {
    items: ['board', 'keypad', 'screen', 'printer', 'paper', 'cover', 'cutter'],
    run: async () => [board(parts), keypad(parts.keypad()), screen(parts.screen()), ...printer(parts.printer())],
  };
}

function board({ board: link, keys }: PartsProbeParts) {
  switch (link()) {
    case 'absent':
      return absent('board');
    case 'lost':
      return finding('board', 'fail', 'board-lost');
    case 'degraded':
      return finding('board', 'limited', 'board-degraded');
    case 'connected':
      return keys() === 'connected' ? finding('board', 'pass') : finding('board', 'limited', 'key-stuck');
  }
}

function keypad(link: LinkState | 'absent') {
  if (link === 'absent') return absent('keypad');
  if (link === 'lost') return finding('keypad', 'fail', 'keypad-lost');
  return link === 'degraded' ? finding('keypad', 'limited', 'keypad-degraded') : finding('keypad', 'pass');
}

function screen(link: LinkState) {
  return link === 'connected' ? finding('screen', 'pass') : finding('screen', 'fail', 'screen-lost');
}

/** What a printer cannot tell is skipped, with a code: many tell little, and are healthy. */
function printer(status: CheckedPrinter | null) {
  if (status === null) return [absent('printer'), absent('paper'), absent('cover'), absent('cutter')];
  const { link, paper, cover, cutter, online } = status;
  if (link === 'lost') {
    const rest = (['paper', 'cover', 'cutter'] as const).map((item) => finding(item, 'skipped', 'printer-lost'));
    return [finding('printer', 'fail', 'printer-lost'), ...rest];
  }
  const named = paper === 'out' || cover === 'open' || cutter === 'error';
  return [
    // A printer with an open cover or no paper is off line by that, which is told by its own name.
    online === 'offline' && !named
      ? finding('printer', 'fail', 'printer-offline')
      : link === 'degraded' && !named
        ? finding('printer', 'limited', 'printer-fault')
        : finding('printer', 'pass'),
    PAPER[paper],
    cover === 'closed'
      ? finding('cover', 'pass')
      : cover === 'open'
        ? finding('cover', 'fail', 'cover-open')
        : finding('cover', 'skipped', 'cover-unknown'),
    cutter === 'ok'
      ? finding('cutter', 'pass')
      : cutter === 'error'
        ? finding('cutter', 'fail', 'cutter-error')
        : finding('cutter', 'skipped', 'cutter-unknown'),
  ];
}

const PAPER = {
  ok: finding('paper', 'pass'),
  'near-end': finding('paper', 'limited', 'paper-low'),
  out: finding('paper', 'fail', 'paper-out'),
  unknown: finding('paper', 'skipped', 'paper-unknown'),
} as const;
