/** Breaks a printable text into rows that fit, without losing a character: the rows joined are the text. */
import { columnsOf } from './printable-text.js';

/** Marks that do not begin a row (GB/T 15834—2011, 5.1), as far as they are met on slips. */
const NEVER_FIRST = '，。、；：？！）》」』】〕’”…%,.;:?!)]';

/** @param columns at least 2, the width of one Chinese character. An empty text is one empty row. */
export function wrapText(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row: string[] = [];
  let used = 0;
  for (const character of text) {
    const width = columnsOf(character);
    if (used + width > columns) {
      const next = row.splice(breakPlace(row, character, columns));
      rows.push(row.join(''));
      row = next;
      used = columnsOf(row.join(''));
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
function breakPlace(row: readonly string[], next: string, columns: number): number {
  const least = Math.max(1, Math.ceil(row.length / 2));
  let place = row.length;
  let moved = columnsOf(next);
  const tears = () => {
    const before = row[place - 1] ?? '';
    const after = row[place] ?? next;
    return NEVER_FIRST.includes(after) || (/[\w-]/.test(before) && /[\w-]/.test(after));
  };
  while (tears()) {
    place -= 1;
    moved += columnsOf(row[place] ?? '');
    if (place < least || moved > columns) return row.length;
  }
  return place;
}
