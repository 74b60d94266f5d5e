import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LEVEL_NAMES, LEVELS } from '../../protocol/index.js';
import { REASONS } from '../../protocol/reasons.js';
import { PAGES, staffPages } from './staff-page-at-work.js';
import { openService, signOn } from './states.js';

const { open } = staffPages();

test.each(LEVELS)('before and after a press of %i the page is the same, to the last character', async (level) => {
  const work = await open();
  const { page, board, counter, time, show } = work;
  await signOn(work);
  await openService(work);
  const before = await page.content();
  const requests: string[] = [];
  page.on('request', (request) => {
    // Glyphs come when a word first needs them.
    if (!request.url().endsWith('.woff2')) requests.push(request.url());
  });
  board.press(level);
  expect(counter.snapshot().state).toBe('pressed');
  board.press(level === 5 ? 1 : 5);
  time.advance(1_000);
  // Something that is told after the press: when it has come, the press would have, too.
  show({}, { backlog: 1 });
  await page.getByText('1 条待上传').waitFor();
  show({}, { backlog: 0 });
  await expect.poll(() => page.getByText('条待上传').count()).toBe(0);
  expect(await page.content()).toBe(before);
  expect(requests).toEqual([]);
});

test('what the page is built of holds no word of a level and no reason', () => {
  const assets = join(PAGES, 'staff', 'assets');
  const text = readdirSync(assets)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(assets, name), 'utf8'))
    .join('\n');
  expect(text).toContain('评价进行中');
  const words = [
    ...Object.values(LEVEL_NAMES).flatMap(({ zh, en }) => [zh, en]),
    ...REASONS.flatMap(({ zh, en }) => [zh, en]),
    'satisf',
    '好评',
    '差评',
  ];
  expect(words.filter((word) => text.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
});
