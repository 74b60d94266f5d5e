/**
 * Which characters a receipt printer has in its ROM, and how many columns each takes: ASCII one, GBK two. Nearly all
 * Chinese ones have the GBK glyphs; of GB18030 only that part, its two-byte codes, is counted on. What else a text
 * holds is drawn as a picture where some font of this machine has it.
 */

/** Printed for a character that nobody has: the geta mark, which stands for a glyph that is missing. */
export const MISSING_GLYPH = '〓';

/** What can stand on a row, and how wide it is. */
export interface Glyphs {
  /** The printer's own characters. */
  readonly own: 'gbk' | 'ascii';
  /** What a picture can show beside them: a grapheme (a letter with its marks) and its columns, maybe a fraction. */
  readonly drawn: ReadonlyMap<string, number>;
}

export const OWN_GBK: Glyphs = { own: 'gbk', drawn: new Map() };

/** Characters that have another form with the same meaning: nothing is lost by them. */
const SAME_MEANING: ReadonlyMap<string, string> = new Map([
  // GBK has the yen and yuan sign only in its full width; U+00A5 would be a four-byte code that no printer draws.
  ['\u00a5', '￥'],
  ['\u00a0', ' '],
  ['\t', ' '],
]);

let known: ReadonlySet<string> | undefined;

/** The 21,791 characters of GBK's two-byte codes, its private-use area left out. */
export function gbkCharacters(): ReadonlySet<string> {
  known ??= readGbk();
  return known;
}

function readGbk(): ReadonlySet<string> {
  const codes: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) if (trail !== 0x7f) codes.push(lead, trail, 0x0a);
  }
  // Decoded in one go: one call a code would hold up the terminal for a tenth of a second.
  const texts = new TextDecoder('gbk').decode(Uint8Array.from(codes)).split('\n');
  // A code that is none decodes to U+FFFD, and to a second character when its second byte is ASCII.
  return new Set(texts.filter((text) => text.length === 1 && !/[\ufffd\ue000-\uf8ff]/.test(text)));
}

export interface PrintableText {
  /** Only what can stand on a row. */
  readonly text: string;
  /** What was replaced, each once, in the order in which they came. */
  readonly unprintable: readonly string[];
}

/** A text as the printer can say it; control characters never pass, so no text becomes a command. */
export function printableText(text: string, glyphs: Glyphs = OWN_GBK): PrintableText {
  const unprintable = new Set<string>();
  let printable = '';
  for (const grapheme of graphemesOf(text)) {
    if (glyphs.drawn.has(grapheme)) {
      printable += grapheme;
      continue;
    }
    for (const character of grapheme) {
      const same = SAME_MEANING.get(character) ?? character;
      if (isOwn(same, glyphs.own)) {
        printable += same;
      } else {
        unprintable.add(character);
        printable += glyphs.own === 'gbk' ? MISSING_GLYPH : '?';
      }
    }
  }
  return { text: printable, unprintable: [...unprintable] };
}

/** The graphemes of a text that the printer does not have, but a picture might show. */
export function foreignGraphemes(text: string, own: Glyphs['own']): string[] {
  return graphemesOf(text).filter(
    (grapheme) =>
      !/\p{Cc}/u.test(grapheme) &&
      [...grapheme].some((character) => !isOwn(SAME_MEANING.get(character) ?? character, own)),
  );
}

/** Columns of a printable text at size 1. */
export function columnsOf(text: string, glyphs: Glyphs = OWN_GBK): number {
  let columns = 0;
  for (const grapheme of glyphs.drawn.size === 0 ? text : graphemesOf(text)) {
    const drawn = glyphs.drawn.get(grapheme);
    if (drawn !== undefined) columns += drawn;
    else for (const character of grapheme) columns += character <= '~' ? 1 : 2;
  }
  return columns;
}

/** Whether a row of this text can only be shown as a picture. */
export function isDrawn(text: string, glyphs: Glyphs): boolean {
  return glyphs.drawn.size > 0 && graphemesOf(text).some((grapheme) => glyphs.drawn.has(grapheme));
}

let segmenter: Intl.Segmenter | undefined;

/** Characters as a reader counts them: a letter and the marks above and below it are one. */
export function graphemesOf(text: string): string[] {
  // Nearly every text of a slip; segmenting it would cost more than all the rest.
  if (/^[ -~\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*$/.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function isOwn(character: string, own: Glyphs['own']): boolean {
  return /^[ -~]$/.test(character) || (own === 'gbk' && gbkCharacters().has(character));
}
