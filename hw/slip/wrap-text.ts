/** Breaks a printable text into rows that fit, without losing a character: the rows joined are the text. */
import { columnsOf, graphemesOf, OWN_GBK, type Glyphs } from './printable-text.js';

/** Marks that do not begin a row (GB/T 15834—2011, 5.1), as far as they are met on slips; tsheg and shad. */
const NEVER_FIRST = '，。、；：？！）》」』】〕’”…%,.;:?!)]་།';
/** Tibetan goes to the next row only after the dot of a syllable (tsheg), a stroke (shad) or a space. */
const TIBETAN = /^[\u0f00-\u0fff]/;
const TIBETAN_END = /[\u0f0b-\u0f14\s]$/;

/** @param columns at least 2, the width of one Chinese character. An empty text is one empty row. */
export function wrapText(text: string, columns: number, glyphs: Glyphs = OWN_GBK): string[] {
  const rows: string[] = [];
  let row: string[] = [];
  let used = 0;
  for (const character of glyphs.drawn.size === 0 ? text : graphemesOf(text)) {
    const width = columnsOf(character, glyphs);
    if (used + width > columns) {
      const next = row.splice(breakPlace(row, character, columns, glyphs));
      rows.push(row.join(''));
      row = next;
      used = columnsOf(row.join(''), glyphs);
    }
    row.push(character);
    used += width;
  }
  return [...rows, row.join('')];
}

/**
 * How many characters of the full row stay in it, given the first one that has no room. A word or number goes down
 * whole and a closing mark takes a character with it; but at least half of the row stays, and what goes down fits.
 */
function breakPlace(row: readonly string[], next: string, columns: number, glyphs: Glyphs): number {
  const least = Math.max(1, Math.ceil(row.length / 2));
  let place = row.length;
  let moved = columnsOf(next, glyphs);
  const tears = () => {
    const before = row[place - 1] ?? '';
    const after = row[place] ?? next;
    if (NEVER_FIRST.includes(after) || (/[\w-]/.test(before) && /[\w-]/.test(after))) return true;
    return TIBETAN.test(before) && TIBETAN.test(after) && !TIBETAN_END.test(before);
  };
  while (tears()) {
    place -= 1;
    moved += columnsOf(row[place] ?? '', glyphs);
    if (place < least || moved > columns) return row.length;
  }
  return place;
}
