import { expect, test } from 'vitest';
import { staffPages } from './staff-page-at-work.js';
import { openService, signOn } from './states.js';

const { open } = staffPages();

test('the last view stays, dimmed; a scan meanwhile is kept; then all goes on by itself', async () => {
  const work = await open();
  const { page, wire, scan, press, counter, faults } = work;
  await signOn(work);
  await openService(work);
  await wire.stop();
  await page.getByRole('heading', { name: '正在恢复…' }).waitFor();
  await page.locator('.workplace.dimmed .current-case').getByText('GZ-2026-000123').waitFor();
  // Nothing of it can be reached or pressed.
  await press('Tab', 'Tab', 'F8', 'F2');
  expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  expect(await page.getByRole('dialog').count()).toBe(0);

  await scan('GZ-2026-000401');
  await page.getByText('已记下办件编号 GZ-2026-000401').waitFor();

  // The session ends while nobody can tell the page.
  counter.cancel('S-GZ-2026-000123');
  await wire.start();
  await page.getByText('没有正在进行的评价').first().waitFor();
  await expect.poll(() => page.getByText('正在恢复').count()).toBe(0);
  expect(await page.locator('#case-no').inputValue()).toBe('GZ-2026-000401');
  await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('case-no');
  await press('Enter');
  await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('matter');
  await press('Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'invited', caseNo: 'GZ-2026-000401' });
  expect(faults).toEqual([]);
});

test('a terminal that started anew has another secret: the page says so, and takes the new one', async () => {
  const work = await open();
  const { page, restart } = work;
  await signOn(work);
  expect(new URL(page.url()).hash).toBe('');
  const url = await restart();
  await page.getByRole('alert').getByText('请重新打开本页').waitFor();
  await page.goto(url);
  await page.locator('#case-no').waitFor();
});

test('a reload finds everything again', async () => {
  const work = await open();
  const { page } = work;
  await signOn(work);
  await openService(work);
  await page.reload();
  await page.locator('.current-case').getByText('GZ-2026-000123').waitFor();
});
