import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CATALOGUE, sayIn } from '../../simulator/demo/page/catalogue.js';

const PAGE = fileURLToPath(new URL('../../simulator/demo/page/', import.meta.url));
const sources = readdirSync(PAGE)
  .filter((name) => /\.tsx?$/.test(name) && name !== 'catalogue.ts')
  .map((name) => [name, readFileSync(`${PAGE}${name}`, 'utf8')] as const);

const entries: [string, { zh: string; en: string }][] = Object.entries(CATALOGUE);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test.each(entries)('%s has words in both languages, with the same places to fill', (_key, { zh, en }) => {
  expect(zh).toMatch(/\S/);
  expect(en).toMatch(/\S/);
  expect(placeholders(en)).toEqual(placeholders(zh));
});

test('every key is used, and no word stands in the page itself', () => {
  const text = sources.map(([, source]) => source).join('\n');
  // `level.${level}`: a key that is put together counts for all that begin so.
  const starts = [...text.matchAll(/`([a-z]+[.-][a-z-]*)\$\{/g)].map(([, start]) => start ?? '');
  const unused = entries
    .map(([key]) => key)
    .filter((key) => !text.includes(`'${key}'`) && !starts.some((start) => key.startsWith(start)));
  expect(unused).toEqual([]);

  for (const [name, source] of sources) {
    const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(code.match(/\p{Script=Han}+/gu) ?? [], name).toEqual([]);
  }
});

test('what is put in stands in its place', () => {
  expect(sayIn('zh')('way.connected', { n: 2, of: 3 })).toBe('2 / 3 台在线');
  expect(sayIn('en')('way.connected', { n: 2, of: 3 })).toBe('2 of 3 connected');
});
