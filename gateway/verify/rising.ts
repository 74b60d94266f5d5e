import { PjqError } from '../../protocol/index.js';

/**
 * Rows that were read in the order of their numbers, from `after` on. Pages of a damaged file that point at each other
 * wrongly could lead round for ever.
 * @throws PjqError `store-damaged` where they do not rise.
 */
export function rising<Row>(rows: readonly Row[], numberOf: (row: Row) => number, after: number): readonly Row[] {
  let last = after;
  for (const row of rows) {
    const number = numberOf(row);
    if (!(number > last)) throw new PjqError('store-damaged', `its rows do not stand in the order of their numbers.`);
    last = number;
  }
  return rows;
}
