import { expect, test } from 'vitest';
import { staffPages } from './staff-page-at-work.js';

const { open } = staffPages();
const FOCUSED = 'document.activeElement?.id || document.activeElement?.textContent?.trim() || ""';

test('a whole day without a mouse', async () => {
  const { page, press, counter, board, time, printed, faults, entries } = await open();
  const focused = () => page.evaluate<string>(FOCUSED);
  const type = (text: string) => page.keyboard.type(text, { delay: 80 });

  // Sign on: by name.
  await expect.poll(focused).toBe('staff-no');
  await page.keyboard.insertText('扎西');
  await page.getByRole('option', { selected: true }).getByText('扎西卓玛').waitFor();
  await press('Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'idle', staffNo: '1001' });

  // Open: by number key; stage by arrow.
  await expect.poll(focused).toBe('case-no');
  await type('A-17');
  await press('Enter');
  await expect.poll(focused).toBe('matter');
  await press('4', 'ArrowDown');
  expect(await page.locator('#matter').inputValue()).toBe('不动产转移登记');
  await press('Tab', 'ArrowLeft');
  expect(await page.getByRole('radio', { name: '受理' }).isChecked()).toBe(true);
  await press('Enter');
  await expect
    .poll(() => counter.snapshot())
    .toMatchObject({ state: 'invited', caseNo: 'A-17', stage: 'intake', matter: '不动产转移登记' });

  await page.getByRole('heading', { name: '评价进行中' }).waitFor();

  // Invite again: the invitation begins anew.
  time.advance(30_000);
  await expect.poll(focused).toBe('case-no');
  await press('F2');
  await page.getByText('已再次邀请').waitFor();
  expect(counter.snapshot().remainingMs).toBe(60_000);

  // Print; the focus stays where the next case comes.
  await press('F4');
  await page.getByText('已送打印').waitFor();
  expect(printed).toEqual([counter.snapshot().serviceId]);
  expect(await focused()).toBe('case-no');

  // Cancel asks once, and the harmless answer has the focus.
  const cancel = page.getByRole('button', { name: '取消评价' });
  await cancel.focus();
  await press('Enter');
  await expect.poll(focused).toBe('返回');
  await press('Enter');
  expect(counter.snapshot().state).toBe('invited');
  await cancel.focus();
  await press('Enter');
  await expect.poll(focused).toBe('返回');
  await press('Tab', 'Enter');
  await expect.poll(() => counter.snapshot().state).toBe('idle');
  await page.getByText('已取消', { exact: true }).waitFor();

  // By words, and without a matter.
  await expect.poll(focused).toBe('case-no');
  await type('A-18');
  await press('Enter');
  await expect.poll(focused).toBe('matter');
  await type('1101');
  await press('ArrowDown', 'Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ caseNo: 'A-18', matter: '户口迁入登记' });
  board.press(5);
  time.advance(5_000);
  await page.getByRole('listitem').filter({ hasText: 'A-18' }).getByText('已评价').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'A-17' }).getByText('未评价').waitFor();

  // Pause: a usual reason by its number, then own words.
  await press('F8');
  await page.getByRole('dialog').waitFor();
  await press('2');
  expect(counter.snapshot().state).toBe('idle');
  await press('Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'paused', pausedFor: '就餐休息' });
  await expect.poll(focused).toContain('恢复服务');
  await press('Enter');
  await expect.poll(() => counter.snapshot().state).toBe('idle');
  await page.locator('#case-no').waitFor();
  await press('F8');
  await page.getByRole('dialog').waitFor();
  await press('Escape');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  await expect.poll(focused).toBe('case-no');
  await press('F8');
  await page.locator('#own-reason').focus();
  await page.keyboard.insertText('陪同老人取证');
  await press('Enter');
  await expect.poll(() => counter.snapshot()).toMatchObject({ state: 'paused', pausedFor: '陪同老人取证' });
  await page.getByText('原因：陪同老人取证').waitFor();
  await press('F8');
  await expect.poll(() => counter.snapshot().state).toBe('idle');
  await page.locator('#case-no').waitFor();

  // Off duty, and the other language.
  await page.getByRole('button', { name: 'English' }).focus();
  await press('Enter');
  const signOff = page.getByRole('button', { name: 'Sign off' });
  await signOff.focus();
  await press('Enter');
  await page.getByRole('heading', { name: 'Sign on' }).waitFor();
  expect(counter.snapshot().state).toBe('offDuty');
  expect(entries().filter((entry) => entry.startsWith('service.opened'))).toHaveLength(2);
  expect(faults).toEqual([]);
});
