import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formPage, type FormPage } from '../../gateway/rate/form-page.js';
import { html, Html, keptHtml } from '../../gateway/rate/html.js';
import { packed } from '../../gateway/rate/packed.js';
import { REASONS, type Reason } from '../../protocol/index.js';

const SHORT = keptHtml(html`<b>${'评价 & more'}</b>`);
const LONG = keptHtml(new Html('abc'.repeat(50_000)));
const NOISE = new Html(randomBytes(100_000).toString('base64'));

test.each([
  ['nothing', html``],
  ['a kept piece only', SHORT],
  ['pieces of both kinds', html`${'<'}${SHORT}, ${SHORT} ${[LONG, 7, null]}${LONG}!`],
  ['more than a stored block holds', html`${SHORT}${NOISE}${SHORT}`],
])('packed, a document of %s is the same document', (_, document) => {
  expect(gunzipSync(packed(document)).toString()).toBe(document.text);
});

test('what is put in is escaped, in a kept piece as well', () => {
  expect(html`${SHORT}<i>${'<script>'}</i>`.text).toBe('<b>评价 &amp; more</b><i>&lt;script&gt;</i>');
});

test('the form is packed small, and each says what is its own', () => {
  const form = (more: Partial<FormPage>) =>
    formPage({
      language: 'zh',
      thing: { matter: null, matters: [], window: '1', day: '2026-11-21' },
      actId: 'AAAAAAAAAAA',
      singles: [],
      reasons: REASONS,
      ...more,
    });
  expect(packed(form({})).length).toBeLessThan(6_500);
  const point = { of: 'indicator', code: 'wait', name: '等候时间' } as const;
  const added: Reason = { code: '599', zh: '很好看', en: 'Beautiful' };
  const said = [
    form({ actId: 'BBBBBBBBBBB' }),
    form({ language: 'en' }),
    form({ singles: [point] }),
    form({ singles: [{ ...point, name: '环境' }] }),
    form({ reasons: [...REASONS, added] }),
    form({}),
  ].map((document) => {
    const text = gunzipSync(packed(document)).toString();
    return ['BBBBBBBBBBB', 'Very satisfied', '等候时间', '环境', '很好看'].filter((words) => text.includes(words));
  });
  expect(said).toEqual([['BBBBBBBBBBB'], ['Very satisfied'], ['等候时间'], ['环境'], ['很好看'], []]);
});
