import { expect, it } from 'vitest';
import { PANELS } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { STATES } from './states.js';

const { standIn, open } = kioskPage();

/** Of each reason its lines, as they are drawn. */
const LINES = `[...document.querySelectorAll('.reason-words')].map((words) => {
  const lines = [];
  let bottom = -1;
  const texts = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
    for (let at = 0; at < text.length; at += 1) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getBoundingClientRect();
      if (box.top > bottom - box.height / 2) lines.push('');
      bottom = Math.max(bottom, box.bottom);
      lines[lines.length - 1] += text.data[at];
    }
  return lines;
})`;

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const endsOfWords = (text: string) =>
  new Set(Array.from(segmenter.segment(text), ({ segment, index }) => index + segment.length));

it('of every level, on every panel', async () => {
  const { page } = await open();
  const cut: string[] = [];
  let broken = 0;
  for (const state of STATES.filter(({ name }) => name.startsWith('reasons-of-'))) {
    state.set(standIn);
    await page.reload();
    await page.locator('.reason-words').first().waitFor();
    await page.evaluate('document.fonts.ready.then(() => true)');
    for (const panel of PANELS) {
      await page.setViewportSize(panel);
      for (const lines of await page.evaluate<string[][]>(LINES)) {
        const ends = endsOfWords(lines.join(''));
        let length = 0;
        for (const line of lines.slice(0, -1)) {
          broken += 1;
          length += line.length;
          if (!ends.has(length)) cut.push(`${state.name} ${panel.width}: ${lines.join(' / ')}`);
        }
      }
    }
  }
  expect(cut).toEqual([]);
  expect(broken).toBeGreaterThan(0);
});
