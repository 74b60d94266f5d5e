/** The line that is being set: characters and bit images side by side, until it is printed. */
import { quarterTurn, type Dots } from './dots.js';
import { CELLS, type Band, type CellKind, type LineItem, type Placement } from './slip.js';
import type { Style } from './style.js';

export class LineBuffer {
  #items: LineItem[] = [];
  #x = 0;

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Dots from the left edge of the print area. */
  get x(): number {
    return this.#x;
  }

  moveTo(x: number): void {
    this.#x = Math.max(0, x);
  }

  clear(): void {
    this.#items = [];
    this.#x = 0;
  }

  /** @returns whether it found room; nothing is added otherwise. */
  addCharacter(character: string, cell: CellKind, style: Style, areaWidth: number): boolean {
    const wide = cell === 'wide';
    const timesWide = wide ? Math.max(style.timesWide, style.kanjiTimesWide) : style.timesWide;
    const timesHigh = wide ? Math.max(style.timesHigh, style.kanjiTimesHigh) : style.timesHigh;
    const size = style.turned ? { width: CELLS[cell].height, height: CELLS[cell].width } : CELLS[cell];
    const [before, after] = wide ? style.kanjiSpacing : [0, style.rightSpacing];
    const x = this.#x + before * timesWide;
    const width = size.width * timesWide;
    if (x + width > areaWidth && !this.isEmpty) return false;
    this.#items.push({
      kind: 'character',
      character,
      cell,
      x,
      width,
      height: size.height * timesHigh,
      timesWide,
      timesHigh,
      bold: style.bold || style.doubleStrike,
      underline: wide ? style.kanjiUnderline || style.underline : style.underline,
      inverse: style.inverse,
      turned: style.turned,
    });
    this.#x = x + width + after * timesWide;
    return true;
  }

  addBits(dots: Dots, turned: boolean): void {
    const placed = turned ? quarterTurn(dots) : dots;
    this.#items.push({ kind: 'bits', x: this.#x, width: placed.width, height: placed.height, dots: placed });
    this.#x += placed.width;
  }

  /** Takes the line out; an empty one is a blank line. */
  take(placement: Placement, spacing: number, upsideDown: boolean): Band {
    const items = this.#items;
    const width = items.reduce((most, item) => Math.max(most, item.x + item.width), 0);
    const tallest = items.reduce((most, item) => Math.max(most, item.height), 0);
    this.clear();
    return { kind: 'line', items, ...placement, width, advance: Math.max(spacing, tallest), upsideDown };
  }
}
