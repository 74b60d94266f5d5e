/** Slip → rows that fit the paper. Pure; the same rows become printer commands or a text for people. */
import type { Slip, SlipLine } from '../ports/receipt-printer.js';
import { columnsOf, printableText } from './printable-text.js';
import { wrapText } from './wrap-text.js';

export type SlipRow =
  | {
      readonly kind: 'text';
      /** Printable, and no wider than the paper at this size. */
      readonly text: string;
      readonly align: 'left' | 'center' | 'right';
      readonly size: 1 | 2;
      readonly bold: boolean;
    }
  /** Two printable texts that fit on one row with `gap` ≥ 1 columns between them. */
  | { readonly kind: 'pair'; readonly left: string; readonly right: string; readonly gap: number }
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'feed'; readonly lines: number };

export interface SlipLayout {
  readonly rows: readonly SlipRow[];
  /** What the paper shows otherwise: characters shown as 〓, and a QR code too long for the paper, shown as its text. */
  readonly unprintable: readonly string[];
}

export interface SlipPaper {
  /** Columns of ASCII at size 1; a Chinese character takes two. */
  readonly columns: number;
  /** Whether a QR code of this text fits on the paper; without it all do. */
  readonly qrFits?: (text: string) => boolean;
}

export function layoutSlip(slip: Slip, paper: SlipPaper): SlipLayout {
  const unprintable = new Set<string>();
  const printable = (text: string) => {
    const said = printableText(text);
    for (const character of said.unprintable) unprintable.add(character);
    return said.text;
  };
  const rows = slip.lines.flatMap((line) => {
    if (line.kind !== 'qr' || paper.qrFits?.(line.text) !== false) return rowsOf(line, paper.columns, printable);
    unprintable.add(line.text);
    return rowsOf({ kind: 'text', text: line.text, align: 'left', size: 1, bold: false }, paper.columns, printable);
  });
  return { rows, unprintable: [...unprintable] };
}

function rowsOf(line: SlipLine, columns: number, printable: (text: string) => string): SlipRow[] {
  switch (line.kind) {
    case 'text': {
      const { align, size, bold } = line;
      return wrapLines(line.text, Math.floor(columns / size), printable).map((text) => ({
        kind: 'text',
        text,
        align,
        size,
        bold,
      }));
    }
    case 'pair':
      return pairRows(line.left, line.right, columns, printable);
    case 'rule':
      return [plain('-'.repeat(columns), 'left')];
    case 'qr':
    case 'feed':
      return [line];
  }
}

/** On one row where both fit; else the right one follows below, at the right edge. */
function pairRows(left: string, right: string, columns: number, printable: (text: string) => string): SlipRow[] {
  const lefts = wrapLines(left, columns, printable);
  const rights = wrapLines(right, columns, printable);
  const last = lefts.at(-1) ?? '';
  const first = rights[0] ?? '';
  const gap = columns - columnsOf(last) - columnsOf(first);
  if (gap < 1 || rights.length > 1)
    return [...lefts.map((row) => plain(row, 'left')), ...rights.map((row) => plain(row, 'right'))];
  return [...lefts.slice(0, -1).map((row) => plain(row, 'left')), { kind: 'pair', left: last, right: first, gap }];
}

function wrapLines(text: string, columns: number, printable: (text: string) => string): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((part) => wrapText(printable(part), columns));
}

function plain(text: string, align: 'left' | 'right'): SlipRow {
  return { kind: 'text', text, align, size: 1, bold: false };
}
