/** The receipt (受理回执, S §14) as a slip: what stands on it and in which order. Pure; no width, no bytes. */
import type { SlipWords } from './receipt-words.js';

/** A line of a slip; the printer's driver takes the same shape. */
export type SlipLine =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align: 'left' | 'center' | 'right';
      readonly size: 1 | 2;
      readonly bold: boolean;
    }
  | { readonly kind: 'pair'; readonly left: string; readonly right: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'feed'; readonly lines: number };

export interface Slip {
  readonly lines: readonly SlipLine[];
}

export interface ReceiptFacts {
  readonly hall: string | null;
  readonly window: string | null;
  readonly caseNo: string;
  /** The neutral label where the matter has one. */
  readonly matter: string | null;
  readonly staffNo: string | null;
  /** When the service was opened, as the citizen reads it: `2026-11-21 09:30`. */
  readonly openedAt: string;
  /** Address of the code; `null` once a rating stands: such a slip carries none. */
  readonly url: string | null;
  /** A slip before this one may be on paper already. */
  readonly again: boolean;
}

/** Of the evaluator it says nothing, and of a rating never the level (I6, I7). */
export function receiptSlip(facts: ReceiptFacts, words: SlipWords): Slip {
  const { hall, window, caseNo, matter, staffNo, openedAt, url, again } = facts;
  const pair = (left: string, right: string | null): SlipLine[] =>
    right === null ? [] : [{ kind: 'pair', left, right }];
  return {
    lines: [
      ...(hall === null ? [] : [text(hall, 'center')]),
      text(words.title, 'center', 2),
      ...(again ? [text(words.again, 'center', 1, true)] : []),
      { kind: 'rule' },
      ...pair(words.matter, matter),
      ...pair(words.caseNo, caseNo),
      ...pair(words.window, window),
      ...pair(words.staffNo, staffNo),
      ...pair(words.openedAt, openedAt),
      { kind: 'rule' },
      ...(url === null
        ? [text(words.rated, 'center')]
        : [
            text(words.scan, 'center', 1, true),
            { kind: 'qr', text: url } as const,
            text(words.secret, 'center'),
            text(words.keep, 'center'),
          ]),
    ],
  };
}

function text(
  words: string,
  align: 'left' | 'center' | 'right',
  size: 1 | 2 = 1,
  bold = size === 2,
): Extract<SlipLine, { kind: 'text' }> {
  return { kind: 'text', text: words, align, size, bold };
}
