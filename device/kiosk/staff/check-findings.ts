/** What a self-check found, one line a cause: a panel that is gone takes its keys and lamps with it. Pure. */
import type { Phrase } from '../shared/catalogue.js';
import { CHECK_CODES, CHECK_ITEMS, UNANSWERED, UNKNOWN_CODE } from './check-words.js';
import type { CheckItem } from './desk.js';
import type { ProblemWords } from './problem-words.js';

const UNANSWERED_CODE = /-unanswered$/;

export interface Cause {
  readonly code: string;
  /** The worst of its items. */
  readonly result: 'limited' | 'fail' | 'skipped';
  readonly items: readonly Phrase[];
  readonly words: ProblemWords;
}

const WORST = ['fail', 'limited', 'skipped'] as const;

/** The worst first. What passed is none, and neither is what is not there to be checked. */
export function causesOf(items: readonly CheckItem[]): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const { item, result, code } of items) {
    if (result === 'pass' || code === undefined) continue;
    const unanswered = UNANSWERED_CODE.test(code);
    const key = unanswered ? 'unanswered' : code;
    const before = causes.get(key);
    const worst = WORST.find((known) => known === result || known === before?.result) ?? result;
    const named = [...(before?.items ?? []), itemName(item)];
    const words = unanswered ? UNANSWERED : (CHECK_CODES[code] ?? UNKNOWN_CODE);
    causes.set(key, { code: before?.code ?? code, result: worst, items: named, words });
  }
  return [...causes.values()].sort((a, b) => WORST.indexOf(a.result) - WORST.indexOf(b.result));
}

/** How many causes somebody has to see to. */
export function toSeeTo(items: readonly CheckItem[]): number {
  return causesOf(items).filter(({ result }) => result !== 'skipped').length;
}

export function itemName(item: string): Phrase {
  return CHECK_ITEMS[item] ?? { zh: item, en: item };
}
