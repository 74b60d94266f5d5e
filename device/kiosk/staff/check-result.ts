/** A result of the self-check as a condition and a word. */
import type { CheckItem, LastCheck } from './desk.js';
import type { Condition } from './part-states.js';
import type { WordKey } from './words.js';

type Result = CheckItem['result'] | LastCheck['result'];

export const RESULTS: Readonly<Record<Result, { readonly condition: Condition; readonly word: WordKey }>> = {
  pass: { condition: 'good', word: 'resultPass' },
  limited: { condition: 'weak', word: 'resultLimited' },
  fail: { condition: 'bad', word: 'resultFail' },
  skipped: { condition: 'none', word: 'resultSkipped' },
  missing: { condition: 'weak', word: 'resultMissing' },
};
