/** Rows → printer commands: pure, and no command without an effect. */
import type { SlipLayout, SlipRow } from '../slip/layout-slip.js';
import { columnsOf } from '../slip/printable-text.js';
import type { PrinterProfile } from '../profiles/printer-profile.js';
import { QUIET_ZONE_MODULES, qrModuleDots, qrRaster, type Raster } from './qr-symbol.js';

export type Align = 'left' | 'center' | 'right';

export type PrintCommand =
  /** Styles to their defaults, the print buffer empty. */
  | { readonly op: 'initialise' }
  | { readonly op: 'kanji' }
  | { readonly op: 'align'; readonly align: Align }
  | { readonly op: 'size'; readonly size: 1 | 2 }
  | { readonly op: 'bold'; readonly bold: boolean }
  /** `ends`: the row ends after it. */
  | { readonly op: 'text'; readonly text: string; readonly ends: boolean }
  /** The next text begins so many dots from the left edge. */
  | { readonly op: 'position'; readonly dots: number }
  | { readonly op: 'qr'; readonly text: string; readonly moduleDots: number; readonly level: 'L' | 'M' | 'Q' | 'H' }
  | { readonly op: 'raster'; readonly raster: Raster }
  | { readonly op: 'feed'; readonly lines: number }
  | { readonly op: 'cut'; readonly cut: 'full' | 'partial' };

/** ESC $ takes four bytes; fewer columns are cheaper as spaces. */
const POSITION_BYTES = 4;

/** @param pictures of the rows that are drawn. */
export function slipCommands(
  layout: SlipLayout,
  profile: PrinterProfile,
  pictures: ReadonlyMap<SlipRow, Raster> = new Map(),
): PrintCommand[] {
  const commands: PrintCommand[] = [{ op: 'initialise' }];
  if (profile.kanji === 'fs-amp' && profile.font === 'gbk') commands.push({ op: 'kanji' });
  const style = new StyleTrack(commands);
  for (const row of layout.rows) {
    const raster = pictures.get(row);
    if (raster) {
      style.align(row.kind === 'text' ? row.align : 'left');
      commands.push({ op: 'raster', raster });
    } else addRow(row, profile, commands, style);
  }
  if (profile.feedBeforeCut > 0) commands.push({ op: 'feed', lines: profile.feedBeforeCut });
  if (profile.cutter !== 'none') commands.push({ op: 'cut', cut: profile.cutter });
  return commands;
}

function addRow(row: SlipRow, profile: PrinterProfile, commands: PrintCommand[], style: StyleTrack): void {
  switch (row.kind) {
    case 'text':
      // An empty row is as high as the line spacing, in any style.
      if (row.text !== '') {
        style.align(row.align);
        style.size(row.size);
        style.bold(row.bold);
      }
      commands.push({ op: 'text', text: row.text, ends: true });
      return;
    case 'pair': {
      style.align('left');
      style.size(1);
      style.bold(false);
      if (profile.position === 'spaces' || row.gap <= POSITION_BYTES) {
        commands.push({ op: 'text', text: row.left + ' '.repeat(row.gap) + row.right, ends: true });
        return;
      }
      const dotsPerColumn = profile.dotsPerLine / profile.columns;
      if (row.left !== '') commands.push({ op: 'text', text: row.left, ends: false });
      commands.push({ op: 'position', dots: (columnsOf(row.left) + row.gap) * dotsPerColumn });
      commands.push({ op: 'text', text: row.right, ends: true });
      return;
    }
    case 'feed':
      if (row.lines > 0) commands.push({ op: 'feed', lines: row.lines });
      return;
    case 'qr':
      addQr(row.text, profile, commands, style);
  }
}

function addQr(text: string, profile: PrinterProfile, commands: PrintCommand[], style: StyleTrack): void {
  const moduleDots = qrModuleDots(text, profile);
  // The layout has put the text in the place of a code that does not fit.
  if (moduleDots === undefined) return;
  style.align('center');
  const quiet: PrintCommand = {
    op: 'feed',
    lines: Math.ceil((QUIET_ZONE_MODULES * moduleDots) / profile.lineDots),
  };
  const raster = profile.qr === 'raster' ? qrRaster(text, profile) : undefined;
  commands.push(quiet);
  commands.push(raster ? { op: 'raster', raster } : { op: 'qr', text, moduleDots, level: profile.qrLevel });
  commands.push(quiet);
}

/** What the printer has been told; only a change costs bytes. */
class StyleTrack {
  readonly #commands: PrintCommand[];
  #align: Align = 'left';
  #size: 1 | 2 = 1;
  #bold = false;

  constructor(commands: PrintCommand[]) {
    this.#commands = commands;
  }

  align(align: Align): void {
    if (align !== this.#align) this.#commands.push({ op: 'align', align });
    this.#align = align;
  }

  size(size: 1 | 2): void {
    if (size !== this.#size) this.#commands.push({ op: 'size', size });
    this.#size = size;
  }

  bold(bold: boolean): void {
    if (bold !== this.#bold) this.#commands.push({ op: 'bold', bold });
    this.#bold = bold;
  }
}
