/** A slip as its paper looks, dot for dot: PNG, black on white. */
import sharp from 'sharp';
import { blankDots, enlarge, fill, halfTurn, invert, lay, quarterTurn, type Dots } from './dots.js';
import type { CellWanted, GlyphCells } from './font/glyph-cells.js';
import { CELLS, type Band, type CharacterItem, type Placement, type Slip } from './slip.js';

/** Paper before the first line: the head stands behind the cutter. */
const HEAD_DOTS = 16;
const CUT_DOTS = 24;
const CUT_DASH_DOTS = 8;
const BARCODE_DOTS = 260;

export class SlipPicture {
  readonly #widthDots: number;
  readonly #cells: GlyphCells;
  /** A slip never changes; what is printed on it makes another. */
  readonly #drawn = new WeakMap<Slip, Promise<Buffer>>();

  constructor(widthDots: number, cells: GlyphCells) {
    this.#widthDots = widthDots;
    this.#cells = cells;
  }

  /** @returns a PNG. */
  png(slip: Slip): Promise<Buffer> {
    const known = this.#drawn.get(slip);
    if (known) return known;
    const drawing = this.#draw(slip);
    this.#drawn.set(slip, drawing);
    return drawing;
  }

  async #draw({ bands }: Slip): Promise<Buffer> {
    await this.#cells.prepare(
      bands.flatMap((band): readonly CellWanted[] => {
        if (band.kind === 'line') return band.items.filter((item) => item.kind === 'character');
        if (band.kind === 'barcode') return barcodeCells(band.data);
        return [];
      }),
    );
    const height = bands.reduce((sum, band) => sum + heightOf(band), HEAD_DOTS);
    const paper = blankDots(this.#widthDots, height);
    let top = HEAD_DOTS;
    for (const band of bands) {
      this.#band(paper, band, top);
      top += heightOf(band);
    }
    const grey = Buffer.from(paper.data.map((dot) => (dot === 1 ? 0 : 255)));
    return sharp(grey, { raw: { width: paper.width, height, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
  }

  #band(paper: Dots, band: Band, top: number): void {
    switch (band.kind) {
      case 'feed':
        return;
      case 'qr':
      case 'raster':
        return lay(paper, band.dots, leftOf(band, band.dots.width), top);
      case 'cut':
        for (let x = 0; x < paper.width; x += CUT_DASH_DOTS * 2)
          fill(paper, x, top + CUT_DOTS / 2, CUT_DASH_DOTS, band.partial ? 1 : 2);
        return;
      case 'barcode':
        return this.#barcode(paper, band, top);
      case 'line': {
        // Characters of different heights stand on one base line; the spacing is below.
        const height = band.items.reduce((most, item) => Math.max(most, item.height), 0);
        const line = blankDots(band.width, height);
        for (const item of band.items) {
          const dots = item.kind === 'bits' ? item.dots : this.#character(item);
          lay(line, dots, item.x, height - item.height);
        }
        return lay(paper, band.upsideDown ? halfTurn(line) : line, leftOf(band, band.width), top);
      }
    }
  }

  #character(item: CharacterItem): Dots {
    const glyph = this.#cells.cell(item);
    const large = enlarge(item.turned ? quarterTurn(glyph) : glyph, item.timesWide, item.timesHigh);
    const dots = { ...large, data: large.data.slice() };
    // The reference: no underline below turned or inverse characters.
    if (item.underline > 0 && !item.turned && !item.inverse)
      fill(dots, 0, dots.height - item.underline, dots.width, item.underline);
    if (item.inverse) invert(dots);
    return dots;
  }

  /** No bars, but their box with the text in it: nothing here reads bar codes. */
  #barcode(paper: Dots, band: Band & { kind: 'barcode' }, top: number): void {
    const left = leftOf(band, BARCODE_DOTS);
    fill(paper, left, top, BARCODE_DOTS, 2);
    fill(paper, left, top + band.height - 2, BARCODE_DOTS, 2);
    fill(paper, left, top, 2, band.height);
    fill(paper, left + BARCODE_DOTS - 2, top, 2, band.height);
    barcodeCells(band.data).forEach((cell, index) =>
      lay(paper, this.#cells.cell(cell), left + 8 + index * CELLS.A.width, top + Math.floor(band.height / 2) - 12),
    );
  }
}

function barcodeCells(data: string) {
  return Array.from(data, (character) => ({ character, cell: 'A' as const, bold: false }));
}

function heightOf(band: Band): number {
  switch (band.kind) {
    case 'line':
      return band.advance;
    case 'feed':
      return band.dots;
    case 'qr':
    case 'raster':
      return band.dots.height;
    case 'barcode':
      return band.height;
    case 'cut':
      return CUT_DOTS;
  }
}

function leftOf({ left, areaWidth, align }: Placement, width: number): number {
  const rest = Math.max(0, areaWidth - width);
  return left + (align === 'center' ? Math.floor(rest / 2) : align === 'right' ? rest : 0);
}
