/**
 * Characters as cells of dots. The outlines are the font's thinnest weight and get their weight from a stroke, so that
 * a Latin letter squeezed into its half cell keeps lines as thick as the Chinese beside it, as printers' own fonts do.
 */
import sharp from 'sharp';
import type { Dots } from '../dots.js';
import { CELLS, type CellKind } from '../slip.js';
import type { FontGlyph, GlyphSource } from './font-slices.js';
import type { Outline, OutlinePoint } from './glyf-outlines.js';

export interface CellWanted {
  readonly character: string;
  readonly cell: CellKind;
  readonly bold: boolean;
}

/** Of the em: the ideographic box of Noto reaches this far above the base line. */
const ASCENT = 0.88;
/** Grey from which a dot is burnt. */
const BURNT = 110;
/** Size of the letters and width of the stroke by cell, dots. */
const LETTERS: Readonly<Record<CellKind, { em: number; baseline: number; stroke: number; boldStroke: number }>> = {
  wide: { em: 24, baseline: 24 * ASCENT, stroke: 0.8, boldStroke: 1.6 },
  A: { em: 23, baseline: 20, stroke: 1.1, boldStroke: 2 },
  B: { em: 16, baseline: 14, stroke: 0.7, boldStroke: 1.5 },
};
/** Around a cell on the sheet, so that a stroke never reaches its neighbour. */
const GAP = 8;

const keyOf = ({ character, cell, bold }: CellWanted) => `${cell}${bold ? 'b' : ''}${character}`;

export class GlyphCells {
  readonly #font: GlyphSource;
  readonly #cells = new Map<string, Dots>();

  constructor(font: GlyphSource) {
    this.#font = font;
  }

  /** Draws on one sheet what is not there yet; all that is asked for is kept. */
  async prepare(wanted: readonly CellWanted[]): Promise<void> {
    const missing = new Map(
      wanted.map((cell) => [keyOf(cell), cell]).filter(([key]) => !this.#cells.has(key as string)) as [
        string,
        CellWanted,
      ][],
    );
    if (missing.size === 0) return;
    let width = GAP;
    const shapes: string[] = [];
    const places = [...missing].map(([key, cell]) => {
      const x = width;
      width += CELLS[cell.cell].width + GAP;
      shapes.push(`<g transform="translate(${x} ${GAP})">${this.#shape(cell)}</g>`);
      return { key, x, ...CELLS[cell.cell] };
    });
    const height = GAP * 2 + CELLS.wide.height;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${shapes.join('')}</svg>`;
    const sheet = await sharp(Buffer.from(svg), { limitInputPixels: false, unlimited: true })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { data, info } = sheet;
    for (const { key, x, ...size } of places) {
      const dots = new Uint8Array(size.width * size.height);
      for (let row = 0; row < size.height; row++)
        for (let column = 0; column < size.width; column++) {
          const grey = data[((row + GAP) * info.width + x + column) * info.channels] ?? 255;
          dots[row * size.width + column] = 255 - grey >= BURNT ? 1 : 0;
        }
      this.#cells.set(key, { ...size, data: dots });
    }
  }

  /** @throws Error for a cell that was never prepared. */
  cell(wanted: CellWanted): Dots {
    const cell = this.#cells.get(keyOf(wanted));
    if (!cell) throw new Error(`the cell of ${JSON.stringify(wanted.character)} is not prepared`);
    return cell;
  }

  #shape({ character, cell, bold }: CellWanted): string {
    if (/^\s$/u.test(character)) return '';
    const glyph = this.#font.glyph(character.codePointAt(0) ?? 0);
    return glyph ? this.#letter(glyph, character, cell, bold) : notDefined(cell);
  }

  #letter(glyph: FontGlyph, character: string, cell: CellKind, bold: boolean): string {
    const { em, baseline, stroke, boldStroke } = LETTERS[cell];
    const { width, height } = CELLS[cell];
    const scale = em / this.#font.unitsPerEm;
    // Frames and blocks (U+2500…259F) fill their cell, so that they join; all others keep their proportions if they fit.
    const fills = /^[\u2500-\u259f]$/u.test(character);
    if (fills) {
      const high = height / this.#font.unitsPerEm;
      const line = character < '\u2580' ? ' stroke="#000" stroke-width="0.8" vector-effect="non-scaling-stroke"' : '';
      return `<path transform="matrix(${width / glyph.advance} 0 0 ${-high} 0 ${height * ASCENT})" d="${pathOf(glyph.outline)}"${line}/>`;
    }
    const drawn = cell === 'wide' ? 1 : Math.min(1, (width - stroke - 1) / inkWidth(glyph.outline, scale));
    const wide = scale * drawn;
    const left =
      cell === 'wide' ? 0 : (width - (inkLeft(glyph.outline) * 2 * wide + inkWidth(glyph.outline, wide))) / 2;
    return `<path transform="matrix(${wide} 0 0 ${-scale} ${left} ${baseline})" d="${pathOf(glyph.outline)}" stroke="#000" stroke-linejoin="round" vector-effect="non-scaling-stroke" stroke-width="${bold ? boldStroke : stroke}"/>`;
  }
}

function inkLeft(outline: Outline): number {
  return outline.flat().reduce((least, { x }) => Math.min(least, x), Infinity);
}

/** Dots. */
function inkWidth(outline: Outline, scale: number): number {
  const right = outline.flat().reduce((most, { x }) => Math.max(most, x), -Infinity);
  return (right - inkLeft(outline)) * scale;
}

/** What a printer prints for a character that its font lacks. */
function notDefined(cell: CellKind): string {
  const { width, height } = CELLS[cell];
  return `<rect x="1.5" y="2.5" width="${width - 3}" height="${height - 5}" fill="none" stroke="#000" stroke-width="1"/>`;
}

/** Quadratic contours as an SVG path; two control points in a row have a point on the curve between them. */
function pathOf(outline: Outline): string {
  return outline.map(contourPath).join('');
}

function contourPath(contour: readonly OutlinePoint[]): string {
  const points = contour.flatMap((point, index) => {
    const next = contour[(index + 1) % contour.length] as OutlinePoint;
    return point.onCurve || next.onCurve ? [point] : [point, middle(point, next)];
  });
  const first = points.findIndex(({ onCurve }) => onCurve);
  if (first < 0) return '';
  const ordered = [...points.slice(first), ...points.slice(0, first)];
  const start = ordered[0] as OutlinePoint;
  let path = `M${start.x} ${start.y}`;
  for (let index = 1; index < ordered.length; index++) {
    const point = ordered[index] as OutlinePoint;
    if (point.onCurve) {
      path += `L${point.x} ${point.y}`;
    } else {
      const end = ordered[++index] ?? start;
      path += `Q${point.x} ${point.y} ${end.x} ${end.y}`;
    }
  }
  return `${path}Z`;
}

function middle(one: OutlinePoint, other: OutlinePoint): OutlinePoint {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, onCurve: true };
}
