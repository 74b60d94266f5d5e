import { expect, test } from 'vitest';
import { LEVEL_NAMES } from '../../protocol/index.js';
import { SELF_CHECK_ITEMS } from '../../device/core/self-check-items.js';
import { causesOf, itemName, toSeeTo } from '../../device/kiosk/staff/check-findings.js';
import { answersSlip, questionOf } from '../../device/kiosk/staff/check-question.js';
import { CHECK_CODES, CHECK_ITEMS, UNANSWERED, UNKNOWN_CODE } from '../../device/kiosk/staff/check-words.js';
import type { CheckStep } from '../../device/kiosk/staff/desk.js';

const HAN = /\p{Script=Han}/u;
const codes = [...new Set(SELF_CHECK_ITEMS.flatMap((row) => [...row.codes]))];
const phrases = [...Object.values(CHECK_CODES), UNANSWERED, UNKNOWN_CODE].flatMap(({ what, todo }) => [what, todo]);

test('every item of the terminal has a name, and every code its words', () => {
  expect(SELF_CHECK_ITEMS.map(({ item }) => item).filter((item) => CHECK_ITEMS[item] === undefined)).toEqual([]);
  expect(codes.filter((code) => CHECK_CODES[code] === undefined)).toEqual([]);
});

test('all of it is said in both languages', () => {
  for (const { zh, en } of [...Object.values(CHECK_ITEMS), ...phrases]) {
    expect(zh).toMatch(HAN);
    expect(en.trim()).not.toBe('');
    expect(en).not.toMatch(HAN);
  }
});

test('a key is named by its number, never by the words of a level', () => {
  const levels = Object.values(LEVEL_NAMES).flatMap(({ zh, en }) => [zh, en]);
  for (const { zh, en } of [...Object.values(CHECK_ITEMS), ...phrases])
    expect(levels.filter((words) => zh.includes(words) || en.includes(words))).toEqual([]);
});

test('one cause is one line, the worst first; what is not at this terminal is none', () => {
  const causes = causesOf([
    { item: 'clock', result: 'limited', code: 'clock-off' },
    { item: 'board', result: 'fail', code: 'board-lost' },
    { item: 'key-5', result: 'skipped', code: 'board-lost' },
    { item: 'lamp-fault', result: 'skipped', code: 'board-lost' },
    { item: 'sound', result: 'fail', code: 'sound-unanswered' },
    { item: 'slip', result: 'fail', code: 'slip-unanswered' },
    { item: 'cover', result: 'skipped', code: 'cover-unknown' },
    { item: 'keypad', result: 'skipped' },
  ]);
  expect(causes.map(({ code, result, items }) => [code, result, items.length])).toEqual([
    ['board-lost', 'fail', 3],
    ['sound-unanswered', 'fail', 2],
    ['clock-off', 'limited', 1],
    ['cover-unknown', 'skipped', 1],
  ]);
  expect(causes[1]?.words).toBe(UNANSWERED);
  expect(toSeeTo([{ item: 'cover', result: 'skipped', code: 'cover-unknown' }])).toBe(0);
});

test('what a newer terminal may find is told by its code', () => {
  const [cause] = causesOf([{ item: 'antenna', result: 'fail', code: 'antenna-bent' }]);
  expect(cause).toMatchObject({ code: 'antenna-bent', words: UNKNOWN_CODE, items: [itemName('antenna')] });
});

test('every target of the terminal is asked for in words', () => {
  const step = (name: CheckStep['name'], target: string | null): CheckStep => ({
    name,
    target,
    attempt: 1,
    ask: 'look',
  });
  for (const { step: name, item } of SELF_CHECK_ITEMS) {
    const target = name === 'automatic' ? null : name === 'screen' ? item.slice('screen-'.length) : item;
    expect({ item, ask: questionOf(step(name, target)).ask }).not.toEqual({ item, ask: 'askWait' });
  }
  expect(questionOf(step('lamps', 'lamp-of-tomorrow'))).toMatchObject({ ask: 'askWait', answers: false });
  expect(answersSlip(step('printer', 'slip'), 'PJQ-CHECK-abc')).toBe(true);
  expect(answersSlip(step('printer', 'slip'), 'GZ-2026-000123')).toBe(false);
  expect(answersSlip(step('sound', 'sound'), 'PJQ-CHECK-abc')).toBe(false);
});
