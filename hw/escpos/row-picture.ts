/** A row of a slip as a picture of dots, as wide as its ink and as high as the printer's own rows at least. */
import type { PrinterProfile } from '../profiles/printer-profile.js';
import type { SlipRow } from '../slip/layout-slip.js';
import type { Raster } from './qr-symbol.js';
import type { Dots, TextDrawer } from './text-drawer.js';

type TextRow = Extract<SlipRow, { kind: 'text' | 'pair' }>;

/** White above and below the ink, so that the rows do not touch. */
const MARGIN_DOTS = 3;

/** The pictures of the rows that are marked as drawn. */
export async function rowPictures(
  rows: readonly SlipRow[],
  profile: PrinterProfile,
  drawer: TextDrawer,
): Promise<ReadonlyMap<SlipRow, Raster>> {
  const pictures = new Map<SlipRow, Raster>();
  for (const row of rows) {
    if ((row.kind !== 'text' && row.kind !== 'pair') || !row.drawn) continue;
    pictures.set(row, await rowPicture(row, profile, drawer));
  }
  return pictures;
}

async function rowPicture(row: TextRow, { dotsPerLine, lineDots }: PrinterProfile, drawer: TextDrawer) {
  if (row.kind === 'text') {
    const ink = await drawer.draw(row.text, row, dotsPerLine);
    return rasterOf([{ ink, left: 0 }], ink.width, lineDots * row.size);
  }
  const style = { size: 1, bold: false } as const;
  const left = await drawer.draw(row.left, style, dotsPerLine);
  const right = await drawer.draw(row.right, style, Math.max(1, dotsPerLine - left.width));
  return rasterOf(
    [
      { ink: left, left: 0 },
      { ink: right, left: dotsPerLine - right.width },
    ],
    dotsPerLine,
    lineDots,
  );
}

function rasterOf(parts: readonly { ink: Dots; left: number }[], width: number, leastHeight: number): Raster {
  const highest = parts.reduce((most, { ink }) => Math.max(most, ink.height), 0);
  const rows = Math.max(leastHeight, highest + 2 * MARGIN_DOTS);
  const rowBytes = Math.max(1, Math.ceil(width / 8));
  const bits = new Uint8Array(rowBytes * rows);
  for (const { ink, left } of parts) {
    const top = Math.floor((rows - ink.height) / 2);
    ink.dots.forEach((dot, index) => {
      if (dot === 0) return;
      const x = left + (index % ink.width);
      const at = (top + Math.floor(index / ink.width)) * rowBytes + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    });
  }
  return { scale: 1, rowBytes, rows, bits };
}
