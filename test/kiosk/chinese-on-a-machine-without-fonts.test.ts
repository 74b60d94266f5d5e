/** A terminal's image may hold no Chinese font: the page brings one, and fetches no more of it than it shows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, openPanel } from './chromium.js';
import { IDLE, StandIn } from './stand-in.js';

/** This machine's fonts, but for those that know Chinese. */
const WITHOUT_CHINESE = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <selectfont>
    <rejectfont>
      <pattern><patelt name="lang"><string>zh-cn</string></patelt></pattern>
      <glob>*CJK*</glob>
      <glob>*/droid/*</glob>
    </rejectfont>
  </selectfont>
</fontconfig>`;

const LOADED = `[...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family)`;
/** Slices are about 50 kB; a screen needs some of the hundred. */
const MOST_SLICES = 40;

const standIn = new StandIn();
let folder = '';
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pjq-no-fonts-'));
  const configuration = join(folder, 'fonts.conf');
  writeFileSync(configuration, WITHOUT_CHINESE);
  browser = await launch({ FONTCONFIG_FILE: configuration });
  await standIn.start();
});
afterAll(async () => {
  await browser.close();
  await standIn.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

it('shows Chinese with the packaged font', async () => {
  standIn.set(IDLE);
  const { page, faults } = await openPanel(browser, standIn);
  await expect.poll(() => page.evaluate<string[]>(LOADED), { timeout: 10_000 }).not.toEqual([]);
  await page.evaluate('document.fonts.ready.then(() => true)');
  const loaded = await page.evaluate<string[]>(LOADED);
  expect(loaded.every((family) => family.includes('Noto Sans SC Variable'))).toBe(true);
  expect(loaded.length).toBeLessThanOrEqual(MOST_SLICES);
  // The words are drawn as they are: another name looks different, which boxes in place of glyphs would not.
  const name = page.locator('.card-name');
  const one = await name.screenshot();
  standIn.set({ ...IDLE, staff: { staffNo: '10023', name: '杨雪梅', post: null, title: null, photo: false } });
  await expect.poll(() => name.innerText()).toBe('杨雪梅');
  await page.evaluate('document.fonts.ready.then(() => true)');
  expect((await name.screenshot()).equals(one)).toBe(false);
  expect(faults).toEqual([]);
});
