/**
 * Which characters a Chinese receipt printer has, and how many columns each takes: ASCII one, GBK two. Nearly all of
 * them have the GBK glyphs in ROM; of GB18030 only that part, its two-byte codes, is counted on.
 */

/** Printed for a character that the printer does not have: the geta mark, which stands for a glyph that is missing. */
export const MISSING_GLYPH = '〓';

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
  /** Only characters that the printer has. */
  readonly text: string;
  /** What was replaced, each once, in the order in which they came. */
  readonly unprintable: readonly string[];
}

/** A text as the printer can say it; control characters never pass, so no text becomes a command. */
export function printableText(text: string): PrintableText {
  const unprintable = new Set<string>();
  let printable = '';
  for (const character of text) {
    const same = SAME_MEANING.get(character) ?? character;
    if (/^[ -~]$/.test(same) || gbkCharacters().has(same)) {
      printable += same;
    } else {
      unprintable.add(character);
      printable += MISSING_GLYPH;
    }
  }
  return { text: printable, unprintable: [...unprintable] };
}

/** Columns of a printable text at size 1. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += character <= '~' ? 1 : 2;
  return columns;
}
