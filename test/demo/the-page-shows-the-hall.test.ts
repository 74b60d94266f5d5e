import { expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { demoOfTheFile, startDemo } from './demo-at-work.js';
import { counterOf, expectAccessible, openPage } from './page-at-work.js';

const hall = demoOfTheFile(1, { page: true });
const PATIENCE = { timeout: 20_000, interval: 50 };

/** How much wider the page is than its window, px. */
const overflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A copy of the page without the box of the truth; of the journeys only the newest, the others being of earlier services. */
const OUTSIDE_THE_TRUTH = `(() => {
  const copy = document.body.cloneNode(true);
  copy.querySelector('.truth').remove();
  for (const row of copy.querySelectorAll('tbody tr:not(:first-child)')) row.remove();
  return copy.outerHTML;
})()`;

/** All that the page says outside the box of the truth, without ids and totals. Frames are no part of it. */
async function wordsOutsideTheTruth(page: Page): Promise<string> {
  const text = await page.evaluate<string>(OUTSIDE_THE_TRUTH);
  return text.replaceAll(/\d{8}-\d{5}|slip=\d+/g, '…').replaceAll(/\d+ 条/g, '… 条');
}

test('three counters stand on the page, each with its real screen, keys, lamps and paper', async () => {
  const { page, complaints } = await openPage(await startDemo(3, { page: true }), { width: 1280, height: 800 });
  for (const number of [1, 2, 3]) {
    const counter = counterOf(page, number);
    await expect.poll(() => counter.isVisible()).toBe(true);
    expect(
      await counter
        .getByRole('group', { name: `${number} 号窗口的五个键` })
        .getByRole('button')
        .allTextContents(),
    ).toEqual(['非常满意', '满意', '基本满意', '不满意', '非常不满意']);
    const screen = page.frameLocator(`iframe[title^="${number} 号窗口"]`);
    await expect.poll(() => screen.getByText('示范市政务服务大厅').first().isVisible(), PATIENCE).toBe(true);
    const box = await counter.boundingBox();
    expect(box?.y ?? 0).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(800);
  }
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'English' }).click();
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1920, height: 1080 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
}, 120_000);

test('outside the box of the truth the page is the same whatever was pressed', async () => {
  const demo = hall();
  const { page } = await openPage(demo, { width: 1280, height: 800 });
  await page.getByRole('button', { name: '跳过引导' }).click();
  const counter = counterOf(page, 1);
  const words: string[][] = [];
  const rate = async (name: string, total: number) => {
    await counter.getByRole('button', { name: '开始一次服务' }).click();
    await expect.poll(() => counter.locator('.state-invited').count(), PATIENCE).toBe(1);
    await counter.getByRole('button', { name, exact: true }).click();
    await expect.poll(() => counter.locator('.said').innerText(), PATIENCE).toContain('“已收到”灯亮了');
    const said = await counter.locator('.said').innerText();
    const focused = await page.evaluate<string>('document.activeElement.className');
    await vi.waitFor(async () => expect(await demo.ledger()).toHaveLength(total), PATIENCE);
    await expect.poll(() => page.locator('.truth .ledger li').count(), PATIENCE).toBe(total);
    await expect.poll(() => counter.locator('.state-idle').count(), PATIENCE).toBe(1);
    await expect.poll(() => counter.locator('.said').innerText(), PATIENCE).toBe('');
    await expect.poll(() => page.locator('tbody tr').first().locator('.there').count(), PATIENCE).toBe(2);
    words.push([focused, said, await wordsOutsideTheTruth(page)]);
  };
  await rate('满意', 1);
  for (const [index, name] of ['非常满意', '基本满意', '非常不满意'].entries()) await rate(name, index + 2);
  const [, first, ...others] = words;
  expect(first?.[0]).toMatch(/^keys/);
  for (const other of others) expect(other).toEqual(first);
  expect(await page.locator('.truth .ledger li strong').allInnerTexts()).toEqual([
    '非常不满意',
    '基本满意',
    '非常满意',
    '满意',
  ]);
  const [received] = (await demo.ledger()).map(({ receivedAt }) => receivedAt).sort((a, b) => b - a);
  // Beijing time has no summer: eight hours, whatever the machine is set to that the page is looked at from.
  const inTheHall = new Date((received ?? 0) + 8 * 3_600_000).toISOString().slice(11, 19);
  expect(await page.locator('.truth .ledger time').first().innerText()).toBe(inTheHall);
}, 180_000);

test('the guided minute is done by clicking what it points at', async () => {
  const demo = hall();
  const { page } = await openPage(demo, { width: 1280, height: 800 });
  const guide = page.getByRole('region', { name: '一分钟引导' });
  const step = (number: number) => expect.poll(() => guide.innerText(), PATIENCE).toContain(`第 ${number} 步，共 6 步`);
  const counter = counterOf(page, 1);
  const open = () => counter.getByRole('button', { name: '开始一次服务' }).click();

  await step(1);
  expect(await page.locator('.guided').allInnerTexts()).toEqual([expect.stringContaining('开始一次服务')]);
  await open();
  await step(2);
  await counter.getByRole('button', { name: '满意', exact: true }).click();
  await step(3);
  await step(4);
  await page.getByRole('button', { name: '拔网线：大厅网关' }).click();
  await step(5);
  await open();
  await expect.poll(() => counter.innerText(), PATIENCE).toContain('已在窗口本地开启');
  await counter.getByRole('button', { name: '非常不满意', exact: true }).click();
  await step(6);
  expect(await demo.ledger()).toHaveLength(1);
  await page.getByRole('button', { name: '接回网线：大厅网关' }).click();
  await expect.poll(() => guide.innerText(), PATIENCE).toContain('一条不少，一条不多');
  expect((await demo.ledger()).map(({ satisfaction }) => satisfaction)).toEqual([4, 1]);

  await guide.getByRole('button', { name: '再来一遍' }).click();
  await step(1);
  await guide.getByRole('button', { name: '跳过引导' }).click();
  await expect.poll(() => guide.count()).toBe(0);
  await page.getByRole('button', { name: '一分钟引导' }).click();
  await step(1);
}, 180_000);
