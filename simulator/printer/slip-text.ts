/** A slip as text, for scripts and tests: what a reader reads on it, without its layout. */
import { TextDecoder } from 'node:util';
import type { Band, LineItem, Slip } from './slip.js';

const COLUMN_DOTS = 12;

/** Lines end in LF; blanks at the end of a line are left out, empty lines stand. */
export function slipText(slip: Slip): string {
  return slip.bands
    .flatMap(bandLines)
    .map((line) => `${line}\n`)
    .join('');
}

function bandLines(band: Band): string[] {
  switch (band.kind) {
    case 'line':
      return [lineText(band.items)];
    case 'feed':
      return Array.from({ length: band.lines }, () => '');
    case 'qr':
      return [`[QR ${new TextDecoder().decode(band.data)}]`];
    case 'raster':
      return [`[raster ${band.dots.width}x${band.dots.height}]`];
    case 'barcode':
      return [`[${band.symbology} ${band.data}]`];
    case 'cut':
      return ['-- cut --'];
  }
}

function lineText(items: readonly LineItem[]): string {
  let text = '';
  let end = 0;
  for (const item of items) {
    // Tabs and positions leave a gap without characters.
    text += ' '.repeat(Math.max(0, Math.floor((item.x - end) / COLUMN_DOTS)));
    text += item.kind === 'character' ? item.character : `[raster ${item.dots.width}x${item.dots.height}]`;
    end = item.x + item.width;
  }
  return text.trimEnd();
}
