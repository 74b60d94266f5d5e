import { expect, test } from 'vitest';
import { staffPages, type StaffPageAtWork } from './staff-page-at-work.js';
import { signOn } from './states.js';

const { open } = staffPages();
const KEYS = [5, 4, 3, 2, 1] as const;

async function begin(work: StaffPageAtWork): Promise<void> {
  await signOn(work);
  await work.page.getByText('今天还没有自检').waitFor();
  await work.page.getByRole('button', { name: '开始自检' }).click();
  await work.page.getByText('请按 5 号键 · 最左边').waitFor();
}

/** Up to the lamps, with every key as it should be. */
async function pressAll({ page, board }: StaffPageAtWork): Promise<void> {
  for (const level of KEYS) {
    await page.getByText(`请按 ${level} 号键`).waitFor();
    board.press(level);
  }
}

async function answer({ page, press }: StaffPageAtWork, question: string, key: 'F9' | 'F10' = 'F9'): Promise<void> {
  await page.getByText(question).waitFor();
  await press(key);
}

async function touchAll({ page, selfCheck }: StaffPageAtWork): Promise<void> {
  for (const [index, place] of ['中间', '左上角', '右上角', '右下角', '左下角'].entries()) {
    await page.getByText(`请在群众屏幕上点圆点：${place}`).waitFor();
    selfCheck.touch(`touch-${index + 1}`);
  }
}

async function lookAll(work: StaffPageAtWork): Promise<void> {
  for (const lamp of ['请评价', '已收到', '故障']) await answer(work, `“${lamp}”灯亮了吗？`);
  await touchAll(work);
  for (const colour of ['红色', '绿色', '蓝色', '白色', '黑色']) await answer(work, `整屏是${colour}`);
}

test('one button, one thing at a time, by keyboard alone: everything passes', async () => {
  const work = await open();
  const { page, press } = work;
  await begin(work);
  // In both languages at once, and what was looked at already is listed with words, not colours.
  await page.getByText('Press key 5 · far left').waitFor();
  await page.locator('[data-item=clock]').getByText('通过').waitFor();
  await pressAll(work);
  await lookAll(work);
  await page.getByText('听到声音了吗？').waitFor();
  await page.getByRole('button', { name: '再放一次' }).click();
  await page.getByText('第 2 次').waitFor();
  await press('F9');
  await answer(work, '小票打出来了');
  await page.getByText('自检通过').waitFor();
  await page.locator('[data-part=self-check]').getByText('通过').waitFor();
  expect(work.selfCheck.view().last).toMatchObject({ result: 'pass', staffNo: '1002' });
  await page.getByRole('button', { name: '知道了' }).click();
  await expect.poll(() => page.locator('.check-banner').count()).toBe(0);
  expect(work.faults).toEqual([]);
});

test('what failed is told with the next step, one line a cause', async () => {
  const work = await open();
  const { page, board } = work;
  work.find(
    { item: 'clock', result: 'limited', code: 'clock-off' },
    { item: 'paper', result: 'fail', code: 'paper-out' },
  );
  await begin(work);
  board.press(4);
  for (const level of [4, 3, 2, 1] as const) {
    await page.getByText(`请按 ${level} 号键`).waitFor();
    board.press(level);
  }
  await lookAll(work);
  await answer(work, '听到声音了吗？', 'F10');
  await page.getByText('自检受限').waitFor();
  const line = (code: string) => page.locator(`[data-code=${code}]`);
  await line('key-crossed').getByText('5 号键').waitFor();
  await line('key-crossed').getByText('请群众点屏幕，并马上报修').waitFor();
  await line('sound-unheard').getByText('调大音量').waitFor();
  await line('clock-off').getByText('通知管理员对时').waitFor();
  // The paper took the slip with it: one cause, one line.
  await line('paper-out').getByText('纸张 · 小票').waitFor();
  await page.getByText('有 4 项要处理').waitFor();
  await page.getByRole('button', { name: '收起' }).click();
  expect(await line('paper-out').count()).toBe(0);
  await page.getByRole('button', { name: '怎么处理' }).click();
  await line('paper-out').waitFor();
});

test('a scan of the slip answers it, and a scan of a case opens that: the check is never in the way', async () => {
  const work = await open({ facts: { matters: [] } });
  const { page, scan, counter, selfCheck, slips } = work;
  await begin(work);
  await pressAll(work);
  await lookAll(work);
  await answer(work, '听到声音了吗？');
  await page.getByText('小票打出来了').waitFor();
  const [code = ''] = slips;
  await scan(code);
  await page.getByText('自检通过').waitFor();

  await page.getByRole('button', { name: '知道了' }).click();
  work.showCheck({ ...selfCheck.view(), last: { ...selfCheck.view().last, result: 'missing' } });
  await page.getByRole('button', { name: '开始自检' }).click();
  work.showCheck(null);
  await page.getByText('请按 5 号键').waitFor();
  await scan('GZ-2026-000777');
  await page.getByRole('heading', { name: '评价进行中' }).waitFor();
  expect(counter.snapshot()).toMatchObject({ state: 'invited', caseNo: 'GZ-2026-000777' });
  expect(selfCheck.view().running).toBeNull();
  await expect.poll(() => page.locator('.check').count()).toBe(0);
});

test('the time runs down on the page, and who has no more of it breaks off', async () => {
  const work = await open();
  const { page, time } = work;
  await begin(work);
  await page.getByText('还剩 90 秒').waitFor();
  time.advance(5_000);
  work.show({});
  await page.getByText(/还剩 8[45] 秒/).waitFor();
  await page.getByRole('button', { name: '中止自检' }).click();
  await page.getByText('今天的自检跳过了').waitFor();
  expect(work.selfCheck.view().last.result).toBe('skipped');
  await page.getByRole('button', { name: '开始自检' }).waitFor();
});

test('no check today: with a reason, chosen or in own words, and quiet afterwards', async () => {
  const work = await open();
  const { page, press, selfCheck } = work;
  await signOn(work);
  await page.getByRole('button', { name: '今天不检…' }).click();
  await page.getByRole('dialog').waitFor();
  // It only marks.
  await press('2');
  expect(selfCheck.view().last.result).toBe('missing');
  await press('Enter');
  await page.getByText('原因：刚检修过').waitFor();
  expect(selfCheck.view().last).toMatchObject({ result: 'skipped', reason: '刚检修过', staffNo: '1002' });
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('case-no');
});

test('it is asked for only between services, and opening one needs no look at it', async () => {
  const work = await open();
  const { page, scan, press, counter } = work;
  await signOn(work);
  await page.getByText('今天还没有自检').waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('case-no');
  await scan('GZ-2026-000301');
  await press('Enter');
  await expect.poll(() => counter.snapshot().state).toBe('invited');
  await expect.poll(() => page.getByText('今天还没有自检').count()).toBe(0);
  expect(await page.locator('[data-part=self-check]').innerText()).toContain('今天未做');
});
