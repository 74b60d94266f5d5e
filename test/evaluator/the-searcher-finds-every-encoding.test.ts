import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../ingest/hall-log.js';
import { searchFiles, searchMemory } from './places.js';
import { MARKS, plantedEvaluator } from './planted.js';
import { encodingsOf, Searcher } from './searcher.js';

const searcher = new Searcher(Object.values(MARKS));
const planted = plantedEvaluator(3);
const values = [
  ['name', planted.name, MARKS.name],
  ['document', planted.documentNo, MARKS.document],
  ['phone', planted.phone, MARKS.phone],
] as const;

/** Programs that write a text in the middle of others, as the runtime's own encoders do. */
const WRITERS: Readonly<Record<string, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'hex, lower': (text) => Buffer.from(Buffer.from(text).toString('hex')),
  'hex, upper': (text) => Buffer.from(Buffer.from(text).toString('hex').toUpperCase()),
  'json escapes': (text) =>
    Buffer.from([...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')),
  url: (text) => Buffer.from(new URLSearchParams({ q: text }).toString()),
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap((before) => [
      [`base64 after ${before} bytes`, (text: string) => base64(before, text, 'base64')],
      [`base64url after ${before} bytes`, (text: string) => base64(before, text, 'base64url')],
    ]),
  ),
};

function base64(before: number, text: string, how: 'base64' | 'base64url'): Buffer {
  return Buffer.from(Buffer.from(`${'x'.repeat(before)}${text}yz`).toString(how));
}

test.each(values)('a planted %s is found in whatever way it was written', (kind, value, mark) => {
  for (const [way, write] of Object.entries(WRITERS)) {
    if (way === 'json escapes' && kind !== 'name') continue;
    const bytes = Buffer.concat([Buffer.alloc(777, 0xa5), write(value), Buffer.alloc(99, 0x5a)]);
    expect(
      searcher.search(bytes).map(({ text }) => text),
      way,
    ).toContain(mark);
  }
});

test('the bytes of GBK are those of the standard', () => {
  // GB 2312: 张 D5C5, 人 C8CB.
  expect(encodingsOf('张人7').get('gbk')).toEqual([Buffer.from('d5c5c8cb37', 'hex')]);
  expect(new TextDecoder('gbk').decode(encodingsOf(planted.name).get('gbk')?.[0])).toBe(planted.name);
});

test('what is planted in a file deep below a folder is found with its place, and else nothing is', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  writeFileSync(join(folder, 'clean'), Buffer.alloc(100_000, '13900006770 640202199001 评价者植入 '));
  expect(searchFiles(searcher, folder)).toEqual([]);
  const file = join(folder, 'a', 'b', 'hall.db-wal');
  for (const [way, all] of [MARKS.name, MARKS.document, MARKS.phone].flatMap((mark) => [...encodingsOf(mark)]))
    for (const bytes of all) {
      writeFileSync(file, Buffer.concat([Buffer.alloc(4_095), bytes, Buffer.alloc(10)]));
      const found = searchFiles(searcher, folder);
      expect(
        found.map(({ place, at }) => [place, at]),
        way,
      ).toContainEqual([file, 4_095]);
    }
});

test('what a process holds in its memory is found, on both sides of any boundary', async (context) => {
  const program = `const kept = [process.argv[1] + '丁', Buffer.from(process.argv[1]).toString('base64')];
    process.argv.length = 1; setInterval(() => kept.length, 1000); console.log('up');`;
  const child = spawn(process.execPath, ['-e', program, MARKS.name], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const memory = searchMemory(searcher, child.pid ?? 0);
  if (memory === null) return context.skip('no process may look into another here');
  const { found, bytes } = memory;
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(new Set(found.map(({ text }) => text))).toEqual(new Set([MARKS.name]));
});
