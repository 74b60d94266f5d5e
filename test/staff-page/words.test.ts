import { readdirSync, readFileSync } from 'node:fs';
import { expect, expectTypeOf, test } from 'vitest';
import { isErrorCode } from '../../protocol/index.js';
import type { DeskView as Told } from '../../device/local/desk-view.js';
import { textOf } from '../../device/kiosk/shared/catalogue.js';
import type { DeskView } from '../../device/kiosk/staff/desk.js';
import { PROBLEM_WORDS, problemWords } from '../../device/kiosk/staff/problem-words.js';
import { WORDS } from '../../device/kiosk/staff/words.js';

const FOLDER = 'device/kiosk/staff';
const HAN = /\p{Script=Han}/u;
const phrases = [
  ...Object.entries(WORDS),
  ...Object.entries(PROBLEM_WORDS).flatMap(([code, { what, todo }]) => [
    [`${code} what`, what] as const,
    [`${code} todo`, todo] as const,
  ]),
];
const sources = readdirSync(FOLDER)
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(`${FOLDER}/${name}`, 'utf8') }));

test.each(phrases)('%s is said in both languages', (key, { zh, en }) => {
  expect(zh.trim()).not.toBe('');
  expect(en.trim()).not.toBe('');
  // The button that switches shows the other language.
  if (key !== 'language') {
    expect(en).not.toMatch(HAN);
    if (!key.startsWith('language')) expect(zh).toMatch(HAN);
  }
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
  expect(places(en)).toEqual(places(zh));
});

test('no word stands outside of the catalogue', () => {
  const outside = sources
    .filter(({ name }) => !name.endsWith('words.ts'))
    .flatMap(({ name, text }) => text.split('\n').map((line, index) => ({ place: `${name}:${index + 1}`, line })))
    .filter(({ line }) => HAN.test(line.replace(/(\/\/|\/?\*).*$/, '')));
  expect(outside).toEqual([]);
});

test('no word of the catalogue is unused', () => {
  const text = sources.filter(({ name }) => name !== 'words.ts').map((source) => source.text);
  const unused = Object.keys(WORDS).filter(
    (key) => !text.some((source) => new RegExp(`['"]${key}['"]|WORDS\\.${key}\\b`).test(source)),
  );
  // Stages are told by their own names.
  expect(unused.filter((key) => key !== 'intake' && key !== 'completion')).toEqual([]);
});

test('every code in it is one of the terminal, and what is put in is put in', () => {
  expect(Object.keys(PROBLEM_WORDS).filter((code) => code !== 'unreachable' && !isErrorCode(code))).toEqual([]);
  expect(textOf(WORDS, 'zh')('windowTitle', { window: '12' })).toBe('窗口 12');
  expect(problemWords({ code: 'store-locked', title: 'T', hint: 'H' })).toMatchObject({
    what: { en: 'T' },
    todo: { en: 'H' },
  });
});

test('the page reads what the terminal tells', () => {
  expectTypeOf<Told>().toExtend<DeskView>();
});
