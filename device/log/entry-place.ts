/** Where an entry stands in the table. */

/** An entry's key, for an epoch's id and a seq. */
export const PLACE = '((? << 32) | ?)';

/** A seq has 32 bits of the key: a terminal that is pressed every second fills them in a century. */
export const MAX_SEQ = 0xffff_ffff;
