import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { demoOfTheFile } from './demo-at-work.js';
import { counterOf, expectAccessible, openPage } from './page-at-work.js';

const hall = demoOfTheFile(2, { page: true });
const PATIENCE = { timeout: 20_000, interval: 50 };

const overflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** All of the page but the box of the truth, and what the controls hold. */
const OUTSIDE_THE_TRUTH = `(() => {
  const held = [...document.querySelectorAll('select, input')].map((one) => one.value);
  const copy = document.body.cloneNode(true);
  copy.querySelector('.truth').remove();
  return JSON.stringify([document.activeElement.tagName, held, copy.outerHTML]);
})()`;

test('the bench is shut at first; what is broken on it shows at once, and can be mended', async () => {
  const demo = hall();
  const { page, complaints } = await openPage(demo, { width: 1280, height: 800 });
  await page.getByRole('button', { name: '跳过引导' }).click();
  const counter = counterOf(page, 1);
  const bench = counter.getByRole('group', { name: '1 号窗口的技师工作台' });
  expect(await bench.count()).toBe(0);
  await counter.getByText('技师工作台').click();
  await expect.poll(() => bench.getByText(/^按键板已连接/).count(), PATIENCE).toBe(1);
  expect(await bench.getByText(/起$/).count()).toBeGreaterThan(3);

  // Which key was made to stick shows nowhere.
  const seen: string[] = [];
  for (const level of ['5', '2']) {
    const stick = bench.getByRole('combobox', { name: '卡住一个键…（1 号窗口）' });
    await stick.focus();
    await stick.selectOption(level);
    const free = bench.getByRole('button', { name: '松开（1）' });
    await expect.poll(() => free.isEnabled(), PATIENCE).toBe(true);
    seen.push(await page.evaluate<string>(OUTSIDE_THE_TRUTH));
    await free.click();
    await expect.poll(() => bench.getByRole('button', { name: '松开（0）' }).isDisabled(), PATIENCE).toBe(true);
  }
  expect(seen[1]).toBe(seen[0]);

  const cover = bench.getByRole('switch', { name: '盖合上（1 号窗口）' });
  await cover.click();
  await expect.poll(() => cover.getAttribute('aria-checked'), PATIENCE).toBe('false');
  const bounce = bench.getByRole('switch', { name: '抖动（1 号窗口）' });
  await bounce.click();
  await expect.poll(() => bounce.getAttribute('aria-checked'), PATIENCE).toBe('true');
  await expectAccessible(page);
  await cover.click();
  await expect.poll(() => cover.getAttribute('aria-checked'), PATIENCE).toBe('true');
  await bench.getByRole('button', { name: '下岗' }).click();
  await expect.poll(() => counter.getByText('无人在岗').count(), PATIENCE).toBeGreaterThan(0);
  await bench.getByRole('combobox', { name: '谁上岗（1 号窗口）' }).selectOption('1003');
  await bench.getByRole('button', { name: '上岗', exact: true }).click();
  await expect.poll(() => counter.locator('.counter-staff').innerText(), PATIENCE).toContain('陈思远');

  // A screen that is pulled out is open nowhere; the keys go on.
  const frame = page.locator('iframe[title^="1 号窗口"]');
  await expect.poll(() => frame.count(), PATIENCE).toBe(1);
  await counter.getByRole('switch', { name: '屏幕（1 号窗口）' }).click();
  await expect.poll(() => frame.count(), PATIENCE).toBe(0);
  expect(await counter.getByText('屏幕已拔掉').count()).toBe(1);
  expect(await page.locator('iframe[title^="2 号窗口"]').count()).toBe(1);
  expect(await demo.open(1, 'no screen')).toMatchObject({ status: 201 });
  expect(await demo.tell('/api/terminals/1/touch', { level: 5 })).toMatchObject({ body: { code: 'screen-lost' } });
  expect(await demo.press(1, 3)).toMatchObject({ status: 200 });
  await counter.getByRole('switch', { name: '屏幕（1 号窗口）' }).click();
  await expect.poll(() => frame.count(), PATIENCE).toBe(1);

  // In the box of the truth, since it says what was pressed.
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.truth').getByRole('link', { name: '把做过的存成场景（YAML）' }).click(),
  ]);
  const { steps } = parse(readFileSync(await download.path(), 'utf8')) as { steps: Record<string, unknown>[] };
  expect(steps).toContainEqual({ board: { terminal: 1, do: 'stick', level: 2, on: false } });
  expect(steps).toContainEqual({ printer: { terminal: 1, cover: 'open' } });
  expect(steps).toContainEqual({ press: { terminal: 1, level: 3 } });
  await page.getByRole('button', { name: '从现在录起' }).click();
  await vi.waitFor(async () => expect((await demo.ask('/api/actions')).body).toEqual([]), PATIENCE);

  for (const size of [
    { width: 1280, height: 800 },
    { width: 1600, height: 1000 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    expect(await overflow(page), `${size.width} px`).toBeLessThanOrEqual(0);
  }
  await page.getByRole('button', { name: 'English' }).click();
  await expect.poll(() => counter.getByText("Technician's bench").count()).toBe(1);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
}, 180_000);

test('the paper roll scrolls back to the first slip, and a picture is asked for when it is near', async () => {
  const demo = hall();
  const { page } = await openPage(demo, { width: 1280, height: 800 });
  const slips = 4;
  for (let n = 1; n <= slips; n += 1) {
    expect(await demo.open(1, `slip ${n}`)).toMatchObject({ status: 201 });
    expect(await demo.tell('/api/terminals/1/later', {})).toMatchObject({ status: 200 });
    await vi.waitFor(
      async () => expect((await demo.ask('/api/terminals/1')).body).toMatchObject({ slips: n, state: 'idle' }),
      PATIENCE,
    );
  }
  const roll = counterOf(page, 1).getByRole('group', { name: '1 号窗口的纸卷，新的在上' });
  await expect.poll(() => roll.getByRole('button').count(), PATIENCE).toBe(slips);
  await page.reload();
  await expect.poll(() => roll.getByRole('button').count(), PATIENCE).toBe(slips);
  const loaded = () =>
    roll
      .locator('img')
      .evaluateAll((all) => all.map((one) => (one as unknown as { naturalWidth: number }).naturalWidth > 0));
  await expect.poll(async () => (await loaded())[0], PATIENCE).toBe(true);
  expect(await roll.getByRole('button').first().getAttribute('aria-label')).toContain('最新的小票');
  const first = roll.getByRole('button', { name: '1 号窗口第 1 张小票' });
  await first.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await loaded()).at(-1), PATIENCE).toBe(true);
  await first.click();
  const large = page.getByRole('dialog', { name: '小票（二维码可用手机扫描）' });
  expect(await large.getByRole('img').getAttribute('src')).toContain('slips/1.png');
  const opening = page.waitForEvent('popup');
  await large.getByRole('link', { name: '像用手机扫码一样打开' }).click();
  const phone = await opening;
  await phone.locator('.send').waitFor();
  expect(phone.viewportSize()?.width).toBe(390);
  await phone.close();
  await large.getByRole('button', { name: '关闭' }).click();
  await expect.poll(() => large.count()).toBe(0);
}, 180_000);
