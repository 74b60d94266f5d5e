/** Evaluators whose data is found again wherever it got to: every value begins with a mark that nothing else has. */
import type { Evaluator } from '../../gateway/core/evaluator.js';

/** What every planted name, document number and phone number begins with. */
export const MARKS = { name: '植入评价者', document: '64020219900101', phone: '1390000777' } as const;

const LAST = [...'甲乙丙丁戊己庚辛壬癸'];

/** @param n 0 to 9: each its own. */
export function plantedEvaluator(n: number): Evaluator & { name: string; documentNo: string; phone: string } {
  return {
    name: `${MARKS.name}${LAST[n]}`,
    documentType: 'resident-id',
    documentNo: `${MARKS.document}${String(1_230 + n)}`,
    phone: `${MARKS.phone}${n}`,
    contactBasis: 'consent',
  };
}
