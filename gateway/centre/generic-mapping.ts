/**
 * Codes of the generic centre. Its levels are ours (5 is 非常满意), so only the channel needs a word:
 * `pf` of the national list, 4 hall tablet or window terminal.
 */
export const GENERIC_WINDOW_CHANNEL = 4;
