import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ERRORS, isErrorCode } from '../../protocol/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = ['protocol', 'hw', 'device', 'gateway', 'simulator'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name)),
);
const textOf = (name: string) => readFileSync(join(root, name), 'utf8');
const codes = Object.keys(ERRORS);

/** Where the codes are made; standing there is no use. */
const TABLES = ['error-table.ts', 'hardware-errors.ts'].map((file) => join('protocol', file));

test('every code that is thrown is in the table', () => {
  const thrown = sources.flatMap((name) =>
    [...textOf(name).matchAll(/new PjqError\(\s*'([^']+)'/g)].map(([, code]) => ({ name, code: code ?? '' })),
  );
  expect(thrown.length).toBeGreaterThan(80);
  expect(thrown.filter(({ code }) => !isErrorCode(code))).toEqual([]);
});

test('every code of the table is used in the source', () => {
  const source = sources
    .filter((name) => !TABLES.includes(name))
    .map(textOf)
    .join('\n');
  expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});

test('the page lists every code once, with an anchor, what to do, and its status', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const anchors = [...page.matchAll(/<a id="([^"]+)"><\/a>`([^`]+)`/g)];
  expect(anchors.map(([, anchor]) => anchor)).toEqual(codes);
  expect(anchors.every(([, anchor, code]) => anchor === code)).toBe(true);
  for (const [code, { summary, hint, status, recoverable }] of Object.entries(ERRORS)) {
    const row = page.split('\n').find((line) => line.includes(`id="${code}"`));
    expect(row).toContain(`| ${summary} | ${hint} | ${status} | ${recoverable ? 'yes' : 'no'} |`);
  }
});
