/** Slip → rows that fit the paper. Pure; the same rows become printer commands or a text for people. */
import type { Slip, SlipLine } from '../ports/receipt-printer.js';
import { columnsOf, foreignGraphemes, isDrawn, OWN_GBK, printableText, type Glyphs } from './printable-text.js';
import { wrapText } from './wrap-text.js';

export type SlipRow =
  | {
      readonly kind: 'text';
      /** Printable, and no wider than the paper at this size. */
      readonly text: string;
      readonly align: 'left' | 'center' | 'right';
      readonly size: 1 | 2;
      readonly bold: boolean;
      /** It holds what the printer has no character for, and can only be shown as a picture. */
      readonly drawn?: true;
    }
  /** Two printable texts that fit on one row with `gap` ≥ 1 columns between them. */
  | {
      readonly kind: 'pair';
      readonly left: string;
      readonly right: string;
      readonly gap: number;
      readonly drawn?: true;
    }
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
  /** Without it the printer has GBK, and nothing is drawn. */
  readonly glyphs?: Glyphs;
}

/** What a slip holds that the printer has no characters for, each once. */
export function foreignToPrinter(slip: Slip, own: Glyphs['own']): string[] {
  const texts = slip.lines.flatMap((line) =>
    line.kind === 'text' ? [line.text] : line.kind === 'pair' ? [line.left, line.right] : [],
  );
  return [...new Set(texts.flatMap((text) => foreignGraphemes(text, own)))];
}

export function layoutSlip(slip: Slip, paper: SlipPaper): SlipLayout {
  const unprintable = new Set<string>();
  const { columns, glyphs = OWN_GBK } = paper;
  const printable = (text: string) => {
    const said = printableText(text, glyphs);
    for (const character of said.unprintable) unprintable.add(character);
    return said.text;
  };
  const rows = slip.lines.flatMap((line) => {
    if (line.kind !== 'qr' || paper.qrFits?.(line.text) !== false) return rowsOf(line, { columns, glyphs, printable });
    unprintable.add(line.text);
    const words = { kind: 'text', text: line.text, align: 'left', size: 1, bold: false } as const;
    return rowsOf(words, { columns, glyphs, printable });
  });
  return { rows, unprintable: [...unprintable] };
}

interface Setting {
  readonly columns: number;
  readonly glyphs: Glyphs;
  readonly printable: (text: string) => string;
}

function rowsOf(line: SlipLine, setting: Setting): SlipRow[] {
  switch (line.kind) {
    case 'text': {
      const { align, size, bold } = line;
      return wrapLines(line.text, Math.floor(setting.columns / size), setting).map((text) => ({
        kind: 'text',
        text,
        align,
        size,
        bold,
        ...mark(text, setting),
      }));
    }
    case 'pair':
      return pairRows(line.left, line.right, setting);
    case 'rule':
      return [{ kind: 'text', text: '-'.repeat(setting.columns), align: 'left', size: 1, bold: false }];
    case 'qr':
    case 'feed':
      return [line];
  }
}

/** On one row where both fit; else the right one follows below, at the right edge. */
function pairRows(left: string, right: string, setting: Setting): SlipRow[] {
  const { columns, glyphs } = setting;
  const lefts = wrapLines(left, columns, setting);
  const rights = wrapLines(right, columns, setting);
  const last = lefts.at(-1) ?? '';
  const first = rights[0] ?? '';
  const gap = columns - columnsOf(last, glyphs) - columnsOf(first, glyphs);
  const plain = (align: 'left' | 'right') => (text: string) =>
    ({ kind: 'text', text, align, size: 1, bold: false, ...mark(text, setting) }) as const;
  if (gap < 1 || rights.length > 1) return [...lefts.map(plain('left')), ...rights.map(plain('right'))];
  const pair = { kind: 'pair', left: last, right: first, gap, ...mark(last + first, setting) } as const;
  return [...lefts.slice(0, -1).map(plain('left')), pair];
}

function wrapLines(text: string, columns: number, { glyphs, printable }: Setting): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((part) => wrapText(printable(part), columns, glyphs));
}

function mark(text: string, { glyphs }: Setting): { readonly drawn?: true } {
  return isDrawn(text, glyphs) ? { drawn: true } : {};
}
