/** How the next characters are printed: everything that ESC @ sets back. */
import { PC437 } from './code-pages.js';

export interface Style {
  align: 'left' | 'center' | 'right';
  cell: 'A' | 'B';
  timesWide: number;
  timesHigh: number;
  bold: boolean;
  doubleStrike: boolean;
  underline: 0 | 1 | 2;
  inverse: boolean;
  turned: boolean;
  upsideDown: boolean;
  /** Two-byte mode (FS &): without it Chinese bytes are single characters of the code page. */
  kanji: boolean;
  kanjiUnderline: 0 | 1 | 2;
  /** FS ! and FS W enlarge Chinese by themselves. */
  kanjiTimesWide: number;
  kanjiTimesHigh: number;
  codePage: number;
  /** Dots. */
  lineSpacing: number;
  rightSpacing: number;
  kanjiSpacing: readonly [left: number, right: number];
  leftMargin: number;
  /** `undefined`: to the right edge. */
  areaWidth: number | undefined;
  /** Columns of cells. */
  tabs: readonly number[];
  barcodeHeight: number;
  barcodeText: 'none' | 'above' | 'below' | 'both';
}

const LINE_SPACING_DOTS = 30;
export const TAB_COLUMNS = 8;

export const newStyle = (): Style => ({
  align: 'left',
  cell: 'A',
  timesWide: 1,
  timesHigh: 1,
  bold: false,
  doubleStrike: false,
  underline: 0,
  inverse: false,
  turned: false,
  upsideDown: false,
  kanji: false,
  kanjiUnderline: 0,
  kanjiTimesWide: 1,
  kanjiTimesHigh: 1,
  codePage: PC437,
  lineSpacing: LINE_SPACING_DOTS,
  rightSpacing: 0,
  kanjiSpacing: [0, 0],
  leftMargin: 0,
  areaWidth: undefined,
  tabs: Array.from({ length: 31 }, (_, index) => (index + 1) * TAB_COLUMNS),
  barcodeHeight: 162,
  barcodeText: 'none',
});

const thickness = (n: number): 0 | 1 | 2 | undefined => (({ 0: 0, 48: 0, 1: 1, 49: 1, 2: 2, 50: 2 }) as const)[n];

/** Commands that only change the style, by name; `n` and `m` are the first two parameters. */
export const STYLE_COMMANDS: Readonly<Record<string, (style: Style, n: number, m: number, all: Uint8Array) => void>> = {
  'ESC a': (style, n) => {
    style.align = ({ 1: 'center', 49: 'center', 2: 'right', 50: 'right' } as const)[n] ?? 'left';
  },
  'ESC !': (style, n) => {
    style.cell = n & 1 ? 'B' : 'A';
    style.bold = (n & 8) !== 0;
    style.timesHigh = n & 16 ? 2 : 1;
    style.timesWide = n & 32 ? 2 : 1;
    style.underline = n & 128 ? 1 : 0;
  },
  'ESC E': (style, n) => void (style.bold = (n & 1) !== 0),
  'ESC G': (style, n) => void (style.doubleStrike = (n & 1) !== 0),
  'ESC -': (style, n) => void (style.underline = thickness(n) ?? style.underline),
  'ESC M': (style, n) => void (style.cell = n === 1 || n === 49 ? 'B' : 'A'),
  'ESC t': (style, n) => void (style.codePage = n),
  'ESC 2': (style) => void (style.lineSpacing = LINE_SPACING_DOTS),
  'ESC 3': (style, n) => void (style.lineSpacing = n),
  'ESC {': (style, n) => void (style.upsideDown = (n & 1) !== 0),
  'ESC V': (style, n) => void (style.turned = [1, 2, 49, 50].includes(n)),
  'ESC SP': (style, n) => void (style.rightSpacing = n),
  'ESC D': (style, _n, _m, all) => void (style.tabs = [...all].slice(0, -1)),
  'GS !': (style, n) => {
    style.timesWide = ((n >> 4) & 7) + 1;
    style.timesHigh = (n & 7) + 1;
  },
  'GS B': (style, n) => void (style.inverse = (n & 1) !== 0),
  'GS L': (style, n, m) => void (style.leftMargin = n + m * 256),
  'GS W': (style, n, m) => void (style.areaWidth = n + m * 256),
  'GS h': (style, n) => void (style.barcodeHeight = Math.max(1, n)),
  'GS H': (style, n) => {
    style.barcodeText = (['none', 'above', 'below', 'both'] as const)[n >= 48 ? n - 48 : n] ?? 'none';
  },
  'FS &': (style) => void (style.kanji = true),
  'FS .': (style) => void (style.kanji = false),
  'FS !': (style, n) => {
    style.kanjiTimesWide = n & 4 ? 2 : 1;
    style.kanjiTimesHigh = n & 8 ? 2 : 1;
    style.kanjiUnderline = n & 128 ? 1 : 0;
  },
  'FS -': (style, n) => void (style.kanjiUnderline = thickness(n) ?? style.kanjiUnderline),
  'FS W': (style, n) => {
    style.kanjiTimesWide = style.kanjiTimesHigh = n & 1 ? 2 : 1;
  },
  'FS S': (style, n, m) => void (style.kanjiSpacing = [n, m]),
};
