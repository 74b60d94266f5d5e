/**
 * An evaluator as it may be shown: enough to recognise a person whom one knows, too little to find one (R11).
 * Of a name the first character stays, whatever the length of the surname (张三 is 张*, 欧阳修 is 欧**): a second
 * character would tell most of a name of three.
 */
import type { Evaluator } from './evaluator.js';

/** First character, and a star for each further one; a name of one character shows nothing. */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name];
  return rest.length === 0 ? '*' : `${first}${'*'.repeat(rest.length)}`;
}

/** First three and last four of a full number (138****0000), the last two of a shorter one. */
export function maskPhone(phone: string): string {
  return phone.length >= 11 ? masked(phone, 3, 4) : masked(phone, 0, 2);
}

/** First three and last two; of a number so short that this would tell it, nothing. */
export function maskDocument(documentNo: string): string {
  return [...documentNo].length >= 8 ? masked(documentNo, 3, 2) : '*'.repeat([...documentNo].length);
}

/** The same fields, each masked. */
export function maskEvaluator({ name, documentNo, phone, ...open }: Evaluator): Evaluator {
  return {
    ...(name === undefined ? {} : { name: maskName(name) }),
    ...open,
    ...(documentNo === undefined ? {} : { documentNo: maskDocument(documentNo) }),
    ...(phone === undefined ? {} : { phone: maskPhone(phone) }),
  };
}

function masked(text: string, first: number, last: number): string {
  const characters = [...text];
  const hidden = Math.max(0, characters.length - first - last);
  return [...characters.slice(0, first), '*'.repeat(hidden), ...characters.slice(characters.length - last)].join('');
}
