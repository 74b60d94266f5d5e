import { expect, test } from 'vitest';
import { maskDocument, maskEvaluator, maskName, maskPhone } from '../../gateway/core/evaluator-mask.js';
import { comparableDocument, comparablePhone, isPerson } from '../../gateway/core/evaluator.js';

test.each([
  ['张三', '张*'],
  ['张三丰', '张**'],
  ['欧阳修', '欧**'],
  ['欧阳震华', '欧***'],
  ['张', '*'],
  ['𠮷田', '𠮷*'],
  ['', '*'],
])('of the name %s stays %s', (name, shown) => expect(maskName(name)).toBe(shown));

test.each([
  ['13800000000', '138****0000'],
  ['+8613800000000', '+86*******0000'],
  ['+1234567', '******67'],
])('of the phone number %s stays %s', (phone, shown) => expect(maskPhone(phone)).toBe(shown));

test.each([
  ['640202199001011234', '640*************34'],
  ['E12345678', 'E12****78'],
  ['12345678', '123***78'],
  ['1234567', '*******'],
  ['1', '*'],
])('of the document number %s stays %s', (documentNo, shown) => expect(maskDocument(documentNo)).toBe(shown));

test('every field that names somebody is masked, and nothing is added', () => {
  const evaluator = { name: '张三', documentType: 'passport', documentNo: 'E12345678', phone: '13800000000' } as const;
  expect(maskEvaluator({ ...evaluator, contactBasis: 'consent' })).toEqual({
    name: '张*',
    documentType: 'passport',
    documentNo: 'E12****78',
    phone: '138****0000',
    contactBasis: 'consent',
  });
  expect(maskEvaluator({ phone: '13800000000' })).toEqual({ phone: '138****0000' });
});

test('a person is found by the number however it is written, and by all that is given', () => {
  expect(comparablePhone('+86 138-0000-0000')).toBe('13800000000');
  expect(comparablePhone('+85291234567')).toBe('+85291234567');
  expect(comparableDocument('64020219900101123x')).toBe('64020219900101123X');
  const person = { phone: '13800000000', documentNo: '64020219900101123X' };
  expect(isPerson(person, { phone: '+8613800000000' })).toBe(true);
  expect(isPerson(person, { documentNo: '64020219900101123x' })).toBe(true);
  expect(isPerson(person, { phone: '13800000000', documentNo: '1' })).toBe(false);
  expect(isPerson({ name: '张三' }, { phone: '13800000000' })).toBe(false);
  expect(isPerson(person, {})).toBe(false);
});
