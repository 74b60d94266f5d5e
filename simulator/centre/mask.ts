/** Who was served, as this centre keeps and shows it: a simulated one needs nobody's data, only that it came. */
import type { CentreEvaluator } from '../../protocol/index.js';

export function masked(evaluator: CentreEvaluator): CentreEvaluator {
  const { name, documentType, documentNo, phone } = evaluator;
  return {
    ...(name === undefined ? {} : { name: kept(name, 1, 0) }),
    ...(documentType === undefined ? {} : { documentType }),
    ...(documentNo === undefined ? {} : { documentNo: kept(documentNo, 3, 2) }),
    ...(phone === undefined ? {} : { phone: kept(phone, 3, 4) }),
  };
}

/** Its first and last characters; of a text so short that they would tell most of it, nothing. */
function kept(text: string, first: number, last: number): string {
  const characters = [...text];
  const hidden = characters.length - first - last;
  if (hidden < first) return '*'.repeat(characters.length);
  return [...characters.slice(0, first), '*'.repeat(hidden), ...characters.slice(characters.length - last)].join('');
}
