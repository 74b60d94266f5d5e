import { expect, test } from 'vitest';
import { byDigit, digitOf, matching, narrow } from '../../device/kiosk/staff/choices.js';

const OPTIONS = [
  { id: '', main: '不选事项', side: '' },
  { id: 'a', main: '户口迁入登记', side: '110102' },
  { id: 'b', main: '社会保险参保登记', side: '110103' },
  { id: 'c', main: '登记', side: 'R1101' },
];

test('what holds the words stands; what is exactly that comes first', () => {
  expect(matching(OPTIONS, '登记').map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  expect(matching(OPTIONS, '1101').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(matching(OPTIONS, 'r１１０１').map(({ id }) => id)).toEqual(['c']);
  expect(matching(OPTIONS, '火星')).toEqual([]);
  expect(matching(OPTIONS, ' ')).toBe(OPTIONS);
});

test('number keys: 0 is none, 1 to 9 the first nine', () => {
  expect(byDigit(OPTIONS, '0')?.id).toBe('');
  expect(byDigit(OPTIONS, '2')?.id).toBe('b');
  expect(byDigit(OPTIONS, '9')).toBeUndefined();
  expect(OPTIONS.map((option) => digitOf(OPTIONS, option))).toEqual(['0', '1', '2', '3']);
});

test('wide letters become narrow ones; Chinese brackets stay', () => {
  expect(narrow('ＧＺ－２０２６〔１２〕号ａ')).toBe('GZ-2026〔12〕号a');
});
