/** A terminal that starts anew, or is not heard, is waited for kindly; the page goes on by itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { target } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { INVITED } from './stand-in.js';

const { standIn, open } = kioskPage();
const PAGE_FOLDER = 'dist/device/pages/kiosk';
/** Over the wire, without photo and fonts. */
const BUDGET_BYTES = 30 * 1024;
const FIRST_PAINT_MS = 1_000;

it('dims the last view while the terminal is away, and goes on when it is back', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  await standIn.stop();
  await page.getByText('正在恢复').waitFor();
  expect(await page.locator('.panel').getAttribute('inert')).not.toBeNull();
  await page.getByText('居民身份证换领').waitFor();
  await standIn.restart();
  await expect.poll(() => page.locator('.veil').count()).toBe(0);
  await target(page, 4).tap();
  await page.getByText('已收到').waitFor();
});

it('counts the time on from where the terminal is', async () => {
  standIn.set({ ...INVITED, remainingMs: 30_000 });
  const { page } = await open();
  const left = () =>
    page.evaluate<number>('new DOMMatrix(getComputedStyle(document.querySelector(".countdown-left")).transform).a');
  expect(await left()).toBeLessThanOrEqual(0.5);
  expect(await left()).toBeGreaterThan(0.3);
  standIn.change({ remainingMs: 60_000 });
  await expect.poll(left).toBeGreaterThan(0.9);
});

it('paints at once, and takes nothing from elsewhere', async () => {
  standIn.set(INVITED);
  const { page, faults } = await open();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.reload();
  await page.locator('.targets').waitFor();
  const paintMs = await page.evaluate<number>(
    'performance.getEntriesByName("first-contentful-paint").map(({ startTime }) => startTime)[0] ?? Infinity',
  );
  expect(paintMs).toBeLessThanOrEqual(FIRST_PAINT_MS);
  expect(asked.filter((url) => !url.startsWith(`${new URL(page.url()).origin}/`) && !url.startsWith('blob:'))).toEqual(
    [],
  );
  expect(faults).toEqual([]);
});

it('is small', () => {
  const assets = readdirSync(join(PAGE_FOLDER, 'assets')).filter(
    (name) => !name.startsWith('fonts') && !/woff|\.gz$/.test(name),
  );
  const files = [join(PAGE_FOLDER, 'index.html'), ...assets.map((name) => join(PAGE_FOLDER, 'assets', name))];
  expect(files.length).toBeGreaterThanOrEqual(3);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});
