/** A slip as a text for people and tests: the rows that the paper has, with a QR code as `[QR its text]`. */
import type { Slip } from '../ports/receipt-printer.js';
import { layoutSlip, type SlipRow } from './layout-slip.js';
import { columnsOf } from './printable-text.js';

/** Lines joined by line feeds; Chinese characters count two columns; text of size 2 is aligned as if twice as wide. */
export function slipAsText(slip: Slip, columns: number): string {
  return layoutSlip(slip, { columns })
    .rows.map((row) => rowAsText(row, columns))
    .join('\n');
}

function rowAsText(row: SlipRow, columns: number): string {
  switch (row.kind) {
    case 'text': {
      const free = columns - columnsOf(row.text) * row.size;
      const before = { left: 0, center: Math.floor(free / 2), right: free }[row.align];
      return `${' '.repeat(before)}${row.text}`.trimEnd();
    }
    case 'pair':
      return `${row.left}${' '.repeat(row.gap)}${row.right}`;
    case 'qr':
      return `[QR ${row.text}]`;
    case 'feed':
      return '\n'.repeat(Math.max(0, row.lines - 1));
  }
}
