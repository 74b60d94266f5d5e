import { expect, test } from 'vitest';
import { staffPages } from './staff-page-at-work.js';
import { work } from './states.js';

const { open } = staffPages();

test('of the recent services, those that were not rated', async () => {
  const desk = await open();
  await work(desk);
  const { page, printed } = desk;
  const rows = page.locator('.recent-list li');
  await expect.poll(() => rows.count()).toBe(12);
  expect(await rows.first().textContent()).toContain('GZ-2026-000112');
  expect(await rows.filter({ hasText: '已评价' }).getByRole('button').count()).toBe(0);
  expect(await rows.filter({ hasText: '未评价' }).getByRole('button').count()).toBe(3);
  await page.getByRole('button', { name: '打印回执：GZ-2026-000108' }).click();
  await page.getByText('已送打印').waitFor();
  expect(printed).toEqual(['S-GZ-2026-000108']);
});
