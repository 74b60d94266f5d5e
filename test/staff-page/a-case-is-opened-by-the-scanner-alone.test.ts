import { expect, test } from 'vitest';
import { staffPages } from './staff-page-at-work.js';

const { open } = staffPages();

/** Where the focus stands. */
const FOCUSED = 'document.activeElement?.id ?? ""';

test('badge, case, Enter: the service is open', async () => {
  const { page, scan, counter, entries, faults } = await open();
  await page.getByRole('heading', { name: '签到' }).waitFor();
  await scan('1002');
  await page.getByText('李晓燕').first().waitFor();
  await expect.poll(() => page.evaluate(FOCUSED)).toBe('case-no');

  await scan('GZ-2026-000123');
  await expect.poll(() => page.evaluate(FOCUSED)).toBe('matter');
  await page.keyboard.press('2');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '评价进行中' }).waitFor();
  expect(counter.snapshot()).toMatchObject({
    state: 'invited',
    caseNo: 'GZ-2026-000123',
    matter: '户口迁入登记',
    stage: 'completion',
  });
  expect(await page.evaluate(FOCUSED)).toBe('case-no');
  expect(entries().filter((entry) => entry.startsWith('service.opened'))).toHaveLength(1);

  // The matter is remembered: the next one is a scan and Enter.
  await scan('GZ-2026-000124');
  await page.getByText('开始下一件会结束当前这件').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ caseNo: 'GZ-2026-000124', matter: '户口迁入登记' });
  expect(faults).toEqual([]);
});

test('without a list of matters a scan alone opens', async () => {
  const { page, scan, counter } = await open({ facts: { matters: [] } });
  await scan('1001');
  await page.getByText('没有正在进行的评价').first().waitFor();
  await scan('GZ-2026-000777');
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'invited', caseNo: 'GZ-2026-000777' });
  // But it ends nobody's session unasked.
  await scan('GZ-2026-000778');
  await page.getByText('开始下一件会结束当前这件').waitFor();
  expect(counter.snapshot()).toMatchObject({ caseNo: 'GZ-2026-000777' });
});

test('a scan finds its field wherever the focus stands, and its Enter presses no button', async () => {
  const { page, scan, press, counter } = await open();
  await scan('1001');
  await page.locator('#case-no').waitFor();
  await page.getByRole('button', { name: '签退' }).focus();
  await scan('GZ-2026-000200');
  await expect.poll(() => page.locator('#case-no').inputValue()).toBe('GZ-2026-000200');
  expect(counter.snapshot().state).toBe('idle');

  // A second scan while the matter is being chosen is the next case, not a word to look for or a number to choose by.
  await press('3');
  await expect.poll(() => page.locator('#matter').inputValue()).toBe('社会保险参保登记');
  await scan('2026000000201');
  await expect.poll(() => page.locator('#case-no').inputValue()).toBe('2026000000201');
  expect(await page.locator('#matter').inputValue()).toBe('不选事项');

  // What was typed before goes.
  await page.keyboard.press('Escape');
  await page.locator('#case-no').fill('half');
  await scan('GZ-2026-000202');
  await expect.poll(() => page.locator('#case-no').inputValue()).toBe('GZ-2026-000202');

  // With the reasons for a pause on the screen: the next case, and no pause.
  await press('F8');
  await page.getByRole('dialog').waitFor();
  await scan('1026000000203');
  await expect.poll(() => page.locator('#case-no').inputValue()).toBe('1026000000203');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  expect(counter.snapshot().state).toBe('idle');
});

test('the focus comes back to the case number whenever nothing has it', async () => {
  const { page, scan } = await open();
  await scan('1001');
  await page.locator('#case-no').waitFor();
  await page.locator('.watching').click({ position: { x: 5, y: 5 } });
  await expect.poll(() => page.evaluate(FOCUSED)).toBe('case-no');
  await page.evaluate('document.activeElement.blur()');
  await expect.poll(() => page.evaluate(FOCUSED)).toBe('case-no');
});
