/** Indicators and the matters of a theme: one at a time, by finger or keypad, the same for every level (I6). */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { target } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { INVITED, PRESSED, THINGS } from './stand-in.js';

const { standIn, open } = kioskPage();
const LEVELS = [5, 4, 3, 2, 1] as const;
const FRESH = { ...PRESSED, things: THINGS.map((thing) => ({ ...thing, isMarked: false })) };

const title = (page: Page) => page.locator('.thing .question-title');
const BODY = `document.querySelector('.stage').innerHTML.replace(/\\d+ 秒/g, '')`;

it('one after another, by themselves, and then thanks', async () => {
  standIn.set({ ...FRESH, choice: standIn.choice(4) });
  const { page, faults } = await open();
  await page.getByRole('button', { name: '分项评价' }).tap();
  for (const [index, { zh }] of THINGS.entries()) {
    await expect.poll(() => title(page).innerText()).toBe(zh);
    expect(await page.getByText(`${index + 1} / 3`).count()).toBe(1);
    if (index === 1) await page.keyboard.press('3', { delay: 80 });
    else await target(page, 2).tap();
    await page.locator('.chosen-level').waitFor();
  }
  await page.getByText('感谢您的评价').waitFor();
  expect(standIn.pressed).toEqual([2, 3, 2]);
  expect(standIn.asked.filter(({ path }) => path === '/v1/thing').map(({ body }) => body)).toEqual(
    [0, 1, 2].map((index) => ({ index })),
  );
  expect(faults).toEqual([]);
});

it('each may be skipped, and reasons are one touch away, there and back', async () => {
  standIn.set({ ...FRESH, choice: standIn.choice(5) });
  const { page } = await open();
  await page.getByRole('button', { name: '分项评价' }).tap();
  await page.getByRole('button', { name: '下一项' }).tap();
  await expect.poll(() => title(page).innerText()).toBe(THINGS[1]?.zh);
  await page.getByRole('button', { name: '选择原因' }).tap();
  await page.getByText('服务热情效率高').waitFor();
  await page.getByRole('button', { name: '分项评价' }).tap();
  await expect.poll(() => title(page).innerText()).toBe(THINGS[0]?.zh);
  await page.getByRole('button', { name: '完成' }).tap();
  await page.getByText('感谢您的评价').waitFor();
  expect(standIn.pressed).toEqual([]);
});

it('nothing is asked where nothing is to be asked', async () => {
  standIn.set({ ...PRESSED, choice: standIn.choice(5) });
  const { page } = await open();
  await page.getByRole('button', { name: '选择原因' }).waitFor();
  expect(await page.getByRole('button', { name: '分项评价' }).count()).toBe(0);
});

it('every level leaves the same screen and the same requests behind, and is hidden within a second', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  const left: unknown[] = [];
  for (const level of LEVELS) {
    standIn.set({ ...FRESH, marking: 0, choice: standIn.choice(4) });
    await expect.poll(() => title(page).innerText()).toBe(THINGS[0]?.zh);
    standIn.asked.length = 0;
    await target(page, level).tap();
    await page.locator('.chosen-level').waitFor();
    expect(await page.locator('.chosen-level').innerText()).toBe(
      await target(page, level).locator('.target-words').innerText(),
    );
    await expect.poll(() => title(page).innerText()).toBe(THINGS[1]?.zh);
    expect(await page.locator('.chosen-level').count()).toBe(0);
    standIn.change({ marking: 0 });
    await page.getByText('您的选择已保密').waitFor();
    left.push([
      await page.evaluate<string>(BODY),
      standIn.asked.map(({ path, body }) => `${path} ${JSON.stringify(body).length}`),
    ]);
  }
  expect(standIn.pressed).toEqual([...LEVELS]);
  for (const one of left) expect(one).toEqual(left[0]);
});
