import type { DeskView } from './desk.js';
import type { WordKey } from './words.js';

/** What a wish to print leads to: now, or when the printer can again. */
export function printSaying({ parts, paper }: Pick<DeskView, 'parts' | 'paper'>): WordKey {
  return parts.printer === 'lost' || paper === 'out' ? 'printingWaits' : 'printing';
}
