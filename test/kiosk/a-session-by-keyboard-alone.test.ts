import { expect, it } from 'vitest';
import { kioskPage } from './kiosk-page.js';
import { IDLE, INVITED } from './stand-in.js';

const { standIn, open } = kioskPage();
const FOCUSED = 'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent';

it('a citizen rates by Tab, arrows and Enter', async () => {
  standIn.set(INVITED);
  const { page, faults } = await open();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(FOCUSED)).toBe('English');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(FOCUSED)).toContain('非常满意');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate(FOCUSED)).toBe('满意，4 星，按键 4');
  await page.keyboard.press('Enter');
  await page.getByText('已收到').waitFor();
  expect(standIn.pressed).toEqual([4]);
  // The focus must not tell afterwards what was pressed.
  expect(await page.evaluate('document.activeElement === document.body')).toBe(true);

  await page.getByRole('button', { name: '选择原因' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.reason').first().waitFor();
  await page.locator('.reason').first().focus();
  await page.keyboard.press('Space');
  await expect.poll(() => page.locator('.reason').first().getAttribute('aria-pressed')).toBe('true');
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(FOCUSED)).toBe('完成');
  await page.keyboard.press('Enter');
  await page.getByText('感谢您的评价').waitFor();
  expect(faults).toEqual([]);
});

it('the digits of a keypad press levels, and two at once press none', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  await page.keyboard.press('3');
  await page.getByText('已收到').waitFor();
  expect(standIn.pressed).toEqual([3]);

  await page.keyboard.down('1');
  await page.keyboard.down('5');
  await page.keyboard.up('1');
  await page.keyboard.up('5');
  await page.getByText('请只按一个键').waitFor();
  expect(standIn.pressed).toEqual([3]);
});

it('a press that comes from the terminal’s own keys is answered the same', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  standIn.accept(5);
  await page.getByText('已收到').waitFor();
  await page.locator('.chosen-level', { hasText: '非常满意' }).waitFor();
  await page.getByText('您的选择已保密').waitFor();
  expect(standIn.asked).toEqual([]);
});

it('another language is one button away, and the next citizen finds the first again', async () => {
  standIn.set({ ...IDLE, ended: 'rated' });
  const { page } = await open();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Thank you for rating').waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  standIn.set(IDLE);
  await page.getByText('请等待工作人员邀请评价').waitFor();
});
