/** Where an entry stands in the table. */

/** An entry's key, for an epoch's id and a seq. */
export const PLACE = '((? << 32) | ?)';

/** The seq of an entry that stands in its place; -1 where a damaged page has it in another's. */
export const PLACED_SEQ = 'iif(place = ((epoch_id << 32) | seq), seq, -1) AS seq';

/** A seq has 32 bits of the key: a terminal that is pressed every second fills them in a century. */
export const MAX_SEQ = 0xffff_ffff;
